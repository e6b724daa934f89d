import { readEnvironment } from "../src/config/environment.ts";
import { createLog, startService } from "../src/service.ts";
import { REACH, trustPublishers } from "../test/download/publisher.ts";

// What is played here: Batchkeeper as `src/main.ts` runs it, but that what it waits for by itself is over sooner, and that
// publishers are servers on this machine, whatever their names. A story of seconds would otherwise spend minutes in pauses that
// are meant for days.
const environment = readEnvironment(process.env);
const log = createLog(environment);
trustPublishers();
const service = await startService(environment, log, {
  backoff: { first: 100, longest: 1000 },
  tempo: { shortest: 100, longest: 500 },
  // A tick whose event GitHub lost for good is waited for longer than one whose event is only late can be.
  dashboardPace: { between: 500, onItsWay: 20_000 },
  // What would take an hour is told in a quarter of a minute.
  writes: { perMinute: 400, perHour: 2000 },
  reach: REACH,
});
log.info({ port: service.port }, "ready");
process.once("SIGTERM", () => void service.stop().then(() => process.exit(0)));
