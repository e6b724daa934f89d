import { z } from "zod";

const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;

/** How traces are made. What concerns their sending alone (headers, certificates, compression) its exporter reads itself. */
export interface TracingEnvironment {
  readonly sampler: { readonly name: (typeof SAMPLERS)[number]; readonly ratio: number };
  /** Of what waits to be sent: times in milliseconds, and numbers of spans. */
  readonly sending: {
    readonly scheduledDelayMillis: number;
    readonly exportTimeoutMillis: number;
    readonly maxQueueSize: number;
    readonly maxExportBatchSize: number;
  };
}

const OTHER_PROTOCOL = "must be http/protobuf, which most collectors speak at port 4318";

const endpoint = z
  .string()
  .refine(isHttp, "must be the http or https address of a collector, for example http://localhost:4318")
  .optional();

const whole = (usual: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/, "must be a whole number above 0")
    .default(String(usual))
    .transform(Number);

// Names, values and defaults are those of OpenTelemetry's specification ("Environment Variable Specification" and
// "OpenTelemetry Protocol Exporter").

/** Whether there are traces at all: only then the other variables are looked at, which may be set for other programs. */
export const tracingSwitch = z
  .object({
    OTEL_SDK_DISABLED: z.string().optional(),
    OTEL_TRACES_EXPORTER: z.string().optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.string().optional(),
  })
  .transform((values) => {
    const where = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? values.OTEL_EXPORTER_OTLP_ENDPOINT;
    const isDisabled = values.OTEL_SDK_DISABLED?.toLowerCase() === "true" || values.OTEL_TRACES_EXPORTER === "none";
    return where !== undefined && !isDisabled;
  });

export const tracingVariables = z
  .object({
    OTEL_TRACES_EXPORTER: z.literal("otlp", { error: "must be otlp or none" }).optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: z.string().default("http/protobuf"),
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.literal("http/protobuf", { error: OTHER_PROTOCOL }).optional(),
    OTEL_TRACES_SAMPLER: z
      .enum(SAMPLERS, { error: `must be one of ${SAMPLERS.join(", ")}` })
      .default("parentbased_always_on"),
    OTEL_TRACES_SAMPLER_ARG: z
      .string()
      .refine((text) => Number(text) >= 0 && Number(text) <= 1, "must be a number from 0 to 1")
      .default("1")
      .transform(Number),
    OTEL_BSP_SCHEDULE_DELAY: whole(5000),
    OTEL_BSP_EXPORT_TIMEOUT: whole(30_000),
    OTEL_BSP_MAX_QUEUE_SIZE: whole(2048),
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: whole(512),
  })
  // That of traces goes before that of everything.
  .refine(
    (values) => (values.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? values.OTEL_EXPORTER_OTLP_PROTOCOL) === "http/protobuf",
    {
      path: ["OTEL_EXPORTER_OTLP_PROTOCOL"],
      error: OTHER_PROTOCOL,
    },
  )
  .transform(
    (values): TracingEnvironment => ({
      sampler: { name: values.OTEL_TRACES_SAMPLER, ratio: values.OTEL_TRACES_SAMPLER_ARG },
      sending: {
        scheduledDelayMillis: values.OTEL_BSP_SCHEDULE_DELAY,
        exportTimeoutMillis: values.OTEL_BSP_EXPORT_TIMEOUT,
        maxQueueSize: values.OTEL_BSP_MAX_QUEUE_SIZE,
        maxExportBatchSize: values.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
      },
    }),
  );

function isHttp(text: string): boolean {
  return ["http:", "https:"].includes(URL.parse(text)?.protocol ?? "");
}
