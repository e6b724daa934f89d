import { itKeepsThePromisesOfAnInbox, type Place } from "./contract.ts";
import { describeOnDatabase, dropSchema, newSchema, openPgBossInbox } from "./test-database.ts";

async function schemaPlace(): Promise<Place> {
  const database = newSchema();
  return { open: (clock) => openPgBossInbox(database, clock), remove: () => dropSchema(database) };
}

describeOnDatabase("the distributed inbox", () => {
  itKeepsThePromisesOfAnInbox(schemaPlace);
});
