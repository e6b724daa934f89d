import { setTimeout as delay } from "node:timers/promises";
import type { Tracer } from "@opentelemetry/api";
import { ExportResultCode } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
  serviceNameEnvDetector,
} from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { TracingEnvironment } from "../config/tracing-environment.ts";

/** What becomes of spans is told here. */
export interface ExportLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

// The process has ten seconds to end, and the inbox may need eight.
const LONGEST_CLOSE = 1000;

/**
 * A tracer whose spans are sent to where OpenTelemetry's variables say. It is nobody else's: nothing global is set, so that
 * libraries that would trace themselves (pg-boss, twice a second) do not.
 */
export function exportSpans(
  { sampler, sending }: TracingEnvironment,
  log: ExportLog,
): { readonly tracer: Tracer; close(): Promise<void> } {
  const detectors = [serviceInstanceIdDetector, resourceAttributesEnvDetector, serviceNameEnvDetector];
  const provider = new TracerProvider({
    sampler: samplerOf(sampler),
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": "batchkeeper" }))
      .merge(detectResources({ detectors })),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new PatientExporter(new OTLPTraceExporter(), log), ...sending }),
    ],
  });
  return {
    tracer: provider.getTracer("batchkeeper"),
    close: () => Promise.race([provider.shutdown().catch(() => {}), delay(LONGEST_CLOSE, undefined, { ref: false })]),
  };
}

/** Spans that cannot be sent are lost, which is said once until they can be again: a collector is not worth a full log. */
class PatientExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #log: ExportLog;
  #isFailing = false;

  constructor(exporter: SpanExporter, log: ExportLog) {
    this.#exporter = exporter;
    this.#log = log;
  }

  export(spans: ReadableSpan[], done: Parameters<SpanExporter["export"]>[1]): void {
    this.#exporter.export(spans, ({ code, error }) => {
      const isFailing = code !== ExportResultCode.SUCCESS;
      if (isFailing && !this.#isFailing)
        this.#log.warn({ reason: reasonOf(error) }, "traces cannot be sent and are lost");
      if (!isFailing && this.#isFailing) this.#log.info({}, "traces are sent again");
      this.#isFailing = isFailing;
      // It is told here, and nowhere else.
      done({ code: ExportResultCode.SUCCESS });
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }
}

/** A refused connection to several addresses has a code and no message. */
function reasonOf(error: (Error & { readonly code?: unknown }) | undefined): string {
  return error?.message || String(error?.code ?? "unknown");
}

function samplerOf({ name, ratio }: TracingEnvironment["sampler"]): Sampler {
  switch (name) {
    case "always_on":
      return new AlwaysOnSampler();
    case "always_off":
      return new AlwaysOffSampler();
    case "traceidratio":
      return new TraceIdRatioBasedSampler(ratio);
    case "parentbased_always_on":
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case "parentbased_always_off":
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case "parentbased_traceidratio":
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}
