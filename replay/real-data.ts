import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder of the recorded data of a real pipeline, or null when it is not on this machine. */
export function realDataFolder(): string | null {
  const named = process.env.BATCHKEEPER_REAL_DATA;
  const folder = named ?? fileURLToPath(new URL("../../shared/data", import.meta.url));
  return existsSync(folder) ? folder : null;
}
