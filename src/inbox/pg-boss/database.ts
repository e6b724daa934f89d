import { Pool, type PoolClient } from "pg";

/** Where the tables of an inbox are. */
export interface DatabaseSettings {
  /** `postgres://…`: it holds a password and is never shown. */
  readonly url: string;
  /** The schema, made if need be: two Batchkeepers that are not replicas of each other need one each. */
  readonly schema: string;
}

/** Runs one statement; its rows are what the statement says they are. */
export type Query = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

const MOST_CONNECTIONS = 10;
// A server that is there answers within milliseconds; one that has vanished from the network never does.
const LONGEST_CONNECT = 2_000;
const LONGEST_QUERY = 15_000;
/** SQLSTATE 40P01: two replicas took the same rows in opposite order, and this one is to try again. */
const DEADLOCK = "40P01";

/** Connections to PostgreSQL. Every one that failed is thrown away: the next statement gets a new one. */
export class Database {
  readonly schema: string;
  readonly #pool: Pool;

  /** @param onLost is told of a connection that ended while nobody used it: the server may be gone. */
  constructor({ url, schema }: DatabaseSettings, onLost: (error: Error) => void) {
    this.schema = schema;
    this.#pool = new Pool({
      connectionString: url,
      application_name: "batchkeeper",
      max: MOST_CONNECTIONS,
      connectionTimeoutMillis: LONGEST_CONNECT,
      query_timeout: LONGEST_QUERY,
      keepAlive: true,
    });
    this.#pool.on("error", onLost);
  }

  readonly query: Query = async <Row extends object>(text: string, values: readonly unknown[] = []) => {
    const run = async () => (await this.#pool.query<Row>(text, [...values])).rows;
    return run().catch((error) => {
      if (codeOf(error) === DEADLOCK) return run();
      throw error;
    });
  };

  /** Runs a statement that is to tell soon whether the database is there. */
  async probe(text: string): Promise<void> {
    const soon = { text, query_timeout: LONGEST_CONNECT };
    await this.#pool.query(soon);
  }

  /** Statements of pg-boss: several at once when they have no values. */
  async executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
    return this.#pool.query(text, values);
  }

  /** Runs a step as a whole or not at all. */
  async transaction<T>(step: (query: Query) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    // A connection that breaks between two statements says so by an event, which unheard ends the process; the next
    // statement fails, and that is enough.
    const onError = () => {};
    client.on("error", onError);
    try {
      await client.query("BEGIN");
      const result = await step(queryOf(client));
      await client.query("COMMIT");
      client.release();
      return result;
    } catch (error) {
      // Without its connection a transaction is rolled back, whatever state it was in.
      client.release(true);
      throw error;
    } finally {
      client.off("error", onError);
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

/** Why the database could not be used, in words that hold no secret: the driver's own, or its code where it has none. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message || codeOf(error) || "unknown";
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

function queryOf(client: PoolClient): Query {
  return async <Row extends object>(text: string, values: readonly unknown[] = []) =>
    (await client.query<Row>(text, [...values])).rows;
}
