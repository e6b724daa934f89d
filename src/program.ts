import { existsSync } from "node:fs";
import { EnvironmentError, readEnvironment } from "./config/environment.ts";
import { createLog, startService } from "./service.ts";

/** In milliseconds: less than the ten seconds after which platforms kill a container that was told to stop. */
const LONGEST_STOP = 9_000;

/**
 * Runs Batchkeeper until it is told to end. What keeps it from running is one line, with exit code 78 for the environment
 * and 1 for all else.
 */
export async function run(): Promise<void> {
  try {
    await start();
  } catch (error) {
    const exitCode = error instanceof EnvironmentError ? EnvironmentError.exitCode : 1;
    process.stderr.write(`batchkeeper: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(exitCode);
  }
}

async function start(): Promise<void> {
  // What is set in the environment already wins over the file.
  if (existsSync(".env")) process.loadEnvFile(".env");
  const environment = readEnvironment(process.env);
  const log = createLog(environment);
  const service = await startService(environment, log);
  let isStopping = false;
  const stop = (signal: string) => {
    isStopping = true;
    log.info({ signal }, "stopping");
    setTimeout(() => {
      log.warn({}, "stopped with events in hand; they are handed out again at the next start");
      process.exit(0);
    }, LONGEST_STOP).unref();
    void service.stop().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);

  const address = { host: environment.host, port: service.port };
  log.info(address, "listening");
  try {
    await service.ready;
    log.info(address, "ready");
  } catch (error) {
    if (!isStopping) throw error;
  }
}
