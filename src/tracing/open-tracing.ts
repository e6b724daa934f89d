import type { TracingEnvironment } from "../config/tracing-environment.ts";
import type { ExportLog } from "./span-export.ts";
import { NO_TRACING, type Tracing } from "./tracing.ts";

/** Follows events where the environment says so. What that takes is loaded only then: most processes keep the memory. */
export async function openTracing(
  { tracing, baseUrl }: { readonly tracing: TracingEnvironment | null; readonly baseUrl: string | null },
  { now }: { readonly now: () => number },
  log: ExportLog,
): Promise<Tracing> {
  if (tracing === null) return NO_TRACING;
  const { OpenTelemetry } = await import("./open-telemetry.ts");
  return new OpenTelemetry({ environment: tracing, github: new URL(baseUrl ?? "https://api.github.com"), now, log });
}
