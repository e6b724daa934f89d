import { readFileSync } from "node:fs";
import { z } from "zod";
import { type Duration, HOUR, MINUTE, SECOND } from "../domain/instant.ts";
import { type TracingEnvironment, tracingSwitch, tracingVariables } from "./tracing-environment.ts";

/** Where the inbox is: in PostgreSQL when `database` is told, else in a folder. */
export interface InboxEnvironment {
  readonly dataFolder: string;
  readonly database: { readonly url: string; readonly schema: string } | null;
}

/** What the process is told by its environment; named as Probot names them. */
export interface Environment extends InboxEnvironment {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly host: string;
  readonly port: number;
  /** REST base URL of GitHub Enterprise Server, or null for github.com. */
  readonly baseUrl: string | null;
  /** Between two looks for what the webhooks missed, in milliseconds. */
  readonly reconcileInterval: Duration;
  /** The page for people: how they sign in with GitHub, and where they reach it; each null when it is not said. */
  readonly signIn: {
    readonly clientId: string;
    readonly clientSecret: string;
    /** `https://github.com`, or that of the GitHub Enterprise Server. */
    readonly webUrl: string;
  } | null;
  readonly publicUrl: string | null;
  /** Where `/metrics` is served alone; null for beside the rest. */
  readonly metricsAddress: { readonly host: string; readonly port: number } | null;
  /** How traces are made; null for not at all. */
  readonly tracing: TracingEnvironment | null;
  readonly logLevel: string;
  readonly logFormat: "json" | "pretty";
}

/** A missing or malformed variable: the message is one line that names it. The process exits with code 78 (EX_CONFIG). */
export class EnvironmentError extends Error {
  static readonly exitCode = 78;
  override readonly name = "EnvironmentError";
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const UNITS: Readonly<Record<string, Duration>> = { s: SECOND, m: MINUTE, h: HOUR };

/** A length of time as people write it: `30s`, `5m`, `1h`; milliseconds inside. */
const interval = z
  .string()
  .regex(/^[1-9]\d{0,4}[smh]$/, "must be a number and s, m or h, for example 5m")
  .transform((text) => Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? MINUTE))
  .refine((milliseconds) => milliseconds <= HOUR, "must be an hour or less");

const inboxVariables = z.object({
  DATA_DIR: z.string().default("./data"),
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, "must be a URL of PostgreSQL: postgres://user:password@host:5432/database")
    .optional(),
  // It is part of statements, and longer names are cut by PostgreSQL.
  DATABASE_SCHEMA: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,39}$/, "must be a name of lower-case letters, digits and _, at most 40 long")
    .default("batchkeeper"),
});

const variables = inboxVariables.extend({
  APP_ID: z
    .string({ error: "is missing: the number on the app's settings page" })
    .regex(/^\d{1,15}$/, "must be the app's number"),
  PRIVATE_KEY: z.string().optional(),
  PRIVATE_KEY_PATH: z.string().optional(),
  WEBHOOK_SECRET: z
    .string({
      error:
        "is missing: the secret of the app's webhook; without it nobody could tell GitHub's events from forged ones",
    })
    .min(8, "must have at least 8 characters")
    .refine((secret) => secret !== "development", "is Probot's public default: choose a secret"),
  HOST: z.string().default("localhost"),
  PORT: z
    .string()
    .default("3000")
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, "must be a port, 0 to 65535"),
  GHE_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.-]+(:\d{1,5})?$/, "must be a host name, with a port if needed")
    .optional(),
  GHE_PROTOCOL: z.enum(["http", "https"], { error: "must be http or https" }).default("https"),
  GITHUB_CLIENT_ID: z
    .string()
    .regex(/^[\w.-]{1,100}$/, "must be the client id on the app's settings page")
    .optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  PUBLIC_URL: z
    .string()
    .refine(isOrigin, "must be where people reach this process, without a path: https://batchkeeper.example.org")
    .optional(),
  METRICS_ADDRESS: z
    .string()
    .regex(/^[^\s/@:]+:\d{1,5}$/, "must be a host and a port, for example 127.0.0.1:9464")
    .refine((text) => Number(text.split(":")[1]) <= 65_535, "must have a port of 0 to 65535")
    .optional(),
  RECONCILE_INTERVAL: interval.prefault("5m"),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(", ")}` }).default("info"),
  LOG_FORMAT: z.enum(["json", "pretty"], { error: "must be json or pretty" }).default("json"),
});

/**
 * Reads the process environment. Empty variables count as missing, as shells and container files produce them.
 * @throws {EnvironmentError} naming the first variable that is missing or malformed, never its value: it may be a secret.
 */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const values = parse(variables, source);
  return {
    appId: Number(values.APP_ID),
    privateKey: privateKey(values.PRIVATE_KEY, values.PRIVATE_KEY_PATH),
    webhookSecret: values.WEBHOOK_SECRET,
    host: values.HOST,
    port: Number(values.PORT),
    baseUrl: values.GHE_HOST === undefined ? null : `${values.GHE_PROTOCOL}://${values.GHE_HOST}/api/v3`,
    ...inboxOf(values),
    signIn: signInOf(values),
    publicUrl: values.PUBLIC_URL === undefined ? null : new URL(values.PUBLIC_URL).origin,
    metricsAddress: metricsAddressOf(values.METRICS_ADDRESS),
    tracing: parse(tracingSwitch, source) ? parse(tracingVariables, source) : null,
    reconcileInterval: values.RECONCILE_INTERVAL,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
  };
}

/**
 * Reads where the inbox is, for programs that need nothing else.
 * @throws {EnvironmentError} as `readEnvironment`.
 */
export function readInboxEnvironment(source: Readonly<Record<string, string | undefined>>): InboxEnvironment {
  return inboxOf(parse(inboxVariables, source));
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  source: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new EnvironmentError(`${issue?.path.join(".") ?? "environment"} ${issue?.message ?? "is malformed"}`);
}

function inboxOf(values: z.infer<typeof inboxVariables>): InboxEnvironment {
  const { DATA_DIR: dataFolder, DATABASE_URL: url, DATABASE_SCHEMA: schema } = values;
  return { dataFolder, database: url === undefined ? null : { url, schema } };
}

/** Both or neither: half of it would be a page to which nobody can ever sign in. */
function signInOf(values: z.infer<typeof variables>): Environment["signIn"] {
  const { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret, GHE_PROTOCOL, GHE_HOST } = values;
  if (clientId === undefined && clientSecret === undefined) return null;
  if (clientId === undefined) throw new EnvironmentError("GITHUB_CLIENT_ID is missing, and its secret is set");
  if (clientSecret === undefined)
    throw new EnvironmentError("GITHUB_CLIENT_SECRET is missing, and the client id is set");
  return {
    clientId,
    clientSecret,
    webUrl: GHE_HOST === undefined ? "https://github.com" : `${GHE_PROTOCOL}://${GHE_HOST}`,
  };
}

function metricsAddressOf(text: string | undefined): Environment["metricsAddress"] {
  const [host, port] = text?.split(":") ?? [];
  return host === undefined ? null : { host, port: Number(port) };
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ["http:", "https:"].includes(url.protocol) && [url.origin, `${url.origin}/`].includes(text);
}

function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ["postgres:", "postgresql:"].includes(url.protocol) && canBeDecoded(url);
}

/** User names and passwords with a bare `%` are refused here, and not by a driver that quotes them. */
function canBeDecoded({ username, password, pathname }: URL): boolean {
  try {
    decodeURIComponent(`${username}${password}${pathname}`);
    return true;
  } catch {
    return false;
  }
}

function privateKey(inline: string | undefined, path: string | undefined): string {
  if (inline !== undefined) return pem("PRIVATE_KEY", inline);
  if (path === undefined)
    throw new EnvironmentError("PRIVATE_KEY or PRIVATE_KEY_PATH is missing: the app's private key in PEM form");
  try {
    return pem("PRIVATE_KEY_PATH", readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    throw new EnvironmentError(
      `PRIVATE_KEY_PATH names a file that cannot be read (${error instanceof Error && "code" in error ? error.code : "unknown"})`,
    );
  }
}

// Container platforms carry keys in one line, with \n written out or in base64: Probot reads all three forms, so do we.
function pem(variable: string, text: string): string {
  const unfolded = text.includes("-----BEGIN") ? text : Buffer.from(text, "base64").toString("utf8");
  const key = unfolded.replaceAll(String.raw`\n`, "\n").trim();
  if (!/^-----BEGIN (RSA )?PRIVATE KEY-----\n[\s\S]+\n-----END (RSA )?PRIVATE KEY-----$/.test(key)) {
    throw new EnvironmentError(`${variable} holds no private key in PEM form (-----BEGIN RSA PRIVATE KEY----- …)`);
  }
  return key;
}
