import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EnvironmentError, readEnvironment, readInboxEnvironment } from "../../src/config/environment.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs1", format: "pem" }).toString().trim();
const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" };
const COMPLETE = { APP_ID: "4711", PRIVATE_KEY: PEM, WEBHOOK_SECRET: "a long enough secret" };

describe("the environment", () => {
  test("needs three variables and has defaults for the rest", () => {
    expect(readEnvironment(COMPLETE)).toEqual({
      appId: 4711,
      privateKey: PEM,
      webhookSecret: "a long enough secret",
      host: "localhost",
      port: 3000,
      baseUrl: null,
      dataFolder: "./data",
      database: null,
      signIn: null,
      publicUrl: null,
      metricsAddress: null,
      tracing: null,
      reconcileInterval: 300_000,
      logLevel: "info",
      logFormat: "json",
    });
  });

  test("points at GitHub Enterprise Server", () => {
    const { baseUrl } = readEnvironment({ ...COMPLETE, GHE_HOST: "github.example.com:8443", GHE_PROTOCOL: "http" });
    expect(baseUrl).toBe("http://github.example.com:8443/api/v3");
  });

  test("keeps the inbox in PostgreSQL when it is told of one", () => {
    const url = "postgres://batchkeeper:p%40ss@db.example.com:5432/batchkeeper?sslmode=require";
    expect(readEnvironment({ ...COMPLETE, DATABASE_URL: url }).database).toEqual({ url, schema: "batchkeeper" });
    expect(readInboxEnvironment({ DATABASE_URL: url, DATABASE_SCHEMA: "staging" })).toEqual({
      dataFolder: "./data",
      database: { url, schema: "staging" },
    });
  });

  test("says how often to look for what the webhooks missed", () => {
    expect(readEnvironment({ ...COMPLETE, RECONCILE_INTERVAL: "30s" }).reconcileInterval).toBe(30_000);
  });

  test("has traces sent where OpenTelemetry's variables say, and else looks at none of them", () => {
    const sampled = { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.1" };
    const { tracing } = readEnvironment({ ...COMPLETE, ...COLLECTOR, ...sampled, OTEL_BSP_MAX_QUEUE_SIZE: "100" });
    expect(tracing).toMatchObject({ sampler: { name: "traceidratio", ratio: 0.1 }, sending: { maxQueueSize: 100 } });
    const whole = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://collector.example.org/v1/traces" };
    expect(readEnvironment({ ...COMPLETE, ...whole }).tracing).not.toBeNull();
    const overruled = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/protobuf" };
    expect(readEnvironment({ ...COMPLETE, ...COLLECTOR, ...overruled }).tracing).not.toBeNull();
    for (const off of [
      { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_TRACES_SAMPLER: "sometimes" },
      { ...COLLECTOR, OTEL_SDK_DISABLED: "TRUE" },
      { ...COLLECTOR, OTEL_TRACES_EXPORTER: "none", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
    ]) {
      expect(readEnvironment({ ...COMPLETE, ...off }).tracing).toBeNull();
    }
  });

  test.each([
    ["as it is", PEM],
    ["in one line with \\n", PEM.replaceAll("\n", "\\n")],
    ["in base64", Buffer.from(PEM).toString("base64")],
  ])("takes the private key %s", (_how, text) => {
    expect(readEnvironment({ ...COMPLETE, PRIVATE_KEY: text }).privateKey).toBe(PEM);
  });

  test("takes the private key from a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "batchkeeper-"));
    const path = join(folder, "app.pem");
    writeFileSync(path, `${PEM}\n`);
    try {
      expect(readEnvironment({ ...COMPLETE, PRIVATE_KEY: "", PRIVATE_KEY_PATH: path }).privateKey).toBe(PEM);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ["APP_ID", { APP_ID: undefined }],
    ["APP_ID", { APP_ID: "my-app" }],
    ["PRIVATE_KEY", { PRIVATE_KEY: "" }],
    ["PRIVATE_KEY", { PRIVATE_KEY: "not a key" }],
    ["PRIVATE_KEY_PATH", { PRIVATE_KEY: "", PRIVATE_KEY_PATH: "/nowhere/app.pem" }],
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "" }],
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "development" }],
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "short" }],
    ["PORT", { PORT: "http" }],
    ["PORT", { PORT: "70000" }],
    ["GHE_HOST", { GHE_HOST: "https://github.example.com/" }],
    ["GHE_PROTOCOL", { GHE_PROTOCOL: "ftp" }],
    ["DATABASE_URL", { DATABASE_URL: "mysql://batchkeeper:sesame@db.example.com/batchkeeper" }],
    ["DATABASE_URL", { DATABASE_URL: "batchkeeper:sesame@db.example.com" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://batchkeeper:100%sesame@db.example.com/batchkeeper" }],
    ["DATABASE_SCHEMA", { DATABASE_SCHEMA: "Robert'); DROP TABLE delivery" }],
    ["GITHUB_CLIENT_ID", { GITHUB_CLIENT_ID: "an id with blanks", GITHUB_CLIENT_SECRET: "sesame" }],
    ["GITHUB_CLIENT_ID", { GITHUB_CLIENT_SECRET: "sesame open" }],
    ["GITHUB_CLIENT_SECRET", { GITHUB_CLIENT_ID: "Iv23ct" }],
    ["PUBLIC_URL", { PUBLIC_URL: "recipes.test" }],
    ["PUBLIC_URL", { PUBLIC_URL: "https://example.org/batchkeeper" }],
    ["METRICS_ADDRESS", { METRICS_ADDRESS: "9464" }],
    ["METRICS_ADDRESS", { METRICS_ADDRESS: "localhost:99999" }],
    ["RECONCILE_INTERVAL", { RECONCILE_INTERVAL: "often" }],
    ["RECONCILE_INTERVAL", { RECONCILE_INTERVAL: "61m" }],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", { OTEL_EXPORTER_OTLP_ENDPOINT: "user:sesame@collector" }],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", { ...COLLECTOR, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }],
    ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", { ...COLLECTOR, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "grpc" }],
    ["OTEL_TRACES_EXPORTER", { ...COLLECTOR, OTEL_TRACES_EXPORTER: "zipkin" }],
    ["OTEL_TRACES_SAMPLER", { ...COLLECTOR, OTEL_TRACES_SAMPLER: "sometimes" }],
    ["OTEL_TRACES_SAMPLER_ARG", { ...COLLECTOR, OTEL_TRACES_SAMPLER_ARG: "10%" }],
    ["OTEL_BSP_SCHEDULE_DELAY", { ...COLLECTOR, OTEL_BSP_SCHEDULE_DELAY: "soon" }],
    ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
    ["LOG_FORMAT", { LOG_FORMAT: "xml" }],
  ])("names %s when it is missing or malformed, and not its value", (name, change) => {
    const read = () => readEnvironment({ ...COMPLETE, ...change });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(new RegExp(`^${name} .*$`));
    const value = Object.values(change).at(-1);
    if (value !== undefined && value.length > 5) expect(read).not.toThrow(value);
  });
});
