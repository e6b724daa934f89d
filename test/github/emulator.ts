import { AsyncLocalStorage } from "node:async_hooks";
import { readFileSync } from "node:fs";
import { createEmulator, type Emulator, type SeedConfig } from "emulate";
import type { Database } from "./database.ts";

/**
 * The one place that knows emulate's private parts. Its public API hands out a URL and nothing else; the pieces we
 * extend (router, store, tokens, webhook dispatcher) are passed to its GitHub plugin, a mutable singleton in a chunk with
 * a hashed file name. So the version is checked, and another one is refused instead of half working.
 */
const KNOWN_VERSION = "0.12.2";

export interface EmulatorContext {
  readonly req: {
    readonly raw: Request;
    readonly url: string;
    readonly method: string;
    readonly path: string;
    param(name: string): string;
  };
  get(key: "authUser"): EmulatorAuthUser | undefined;
  get(key: "authApp"): { readonly appId: number } | undefined;
}

export interface EmulatorAuthUser {
  readonly login: string;
  readonly id: number;
  readonly scopes: readonly string[];
  readonly installation?: EmulatorInstallationToken;
}

/** What an installation token may do, as emulate keeps it with the token. */
export interface EmulatorInstallationToken {
  readonly installationId: number;
  readonly appId: number;
  readonly accountId: number;
  readonly accountType: "User" | "Organization";
  permissions: Record<string, string>;
  readonly repositoryIds: readonly number[];
  readonly repositorySelection: "all" | "selected";
}

export type EmulatorHandler = (
  context: EmulatorContext,
  next: () => Promise<void>,
) => Response | undefined | Promise<Response | undefined>;

export interface EmulatorRouter {
  fetch: (request: Request) => Promise<Response>;
  /** In the order of registration; the last one that emulate adds is its rate limiter. */
  readonly middleware: unknown[];
  use(path: string, handler: EmulatorHandler): void;
  on(method: string, path: string, handler: EmulatorHandler): void;
}

/** Sends what a built-in route reports; replaced, because emulate's own numbers its deliveries by the clock. */
export type EmulatorDispatch = (
  event: string,
  action: string | undefined,
  payload: unknown,
  owner: string,
  repository?: string,
) => Promise<void>;

/** Emulate from the inside, while it is being put together. */
export interface EmulatorInside {
  readonly app: EmulatorRouter;
  readonly db: Database;
  readonly tokens: Map<string, EmulatorAuthUser>;
  readonly webhooks: { dispatch: EmulatorDispatch };
  readonly url: string;
}

/** Called before emulate registers its routes (the first match wins); what it returns runs after them. */
type Extension = (inside: EmulatorInside) => () => void;

/**
 * Starts emulate's GitHub on 127.0.0.1 with an extension that sees its inside. Port 0 takes a free one.
 *
 * @throws when the installed emulate is not the version whose inside this module knows.
 */
export async function startEmulator(port: number, seed: SeedConfig, extend: Extension): Promise<Emulator> {
  await wrapped();
  return extension.run(extend, () => createEmulator({ service: "github", port, seed }));
}

// Several instances may start at once; the plugin is one for all. The store of this start travels with its promise.
const extension = new AsyncLocalStorage<Extension>();

let wrapping: Promise<void> | undefined;

function wrapped(): Promise<void> {
  wrapping ??= wrapPlugin();
  return wrapping;
}

interface Plugin {
  register(
    app: EmulatorRouter,
    store: unknown,
    webhooks: EmulatorInside["webhooks"],
    url: string,
    tokens: unknown,
  ): void;
}

interface GitHubChunk {
  readonly githubPlugin: Plugin;
  getGitHubStore(store: unknown): Database;
}

async function wrapPlugin(): Promise<void> {
  const { githubPlugin, getGitHubStore } = await importChunk();
  const register = githubPlugin.register.bind(githubPlugin);
  githubPlugin.register = (app, store, webhooks, url, tokens) => {
    const extend = extension.getStore();
    if (!extend || !(tokens instanceof Map)) return register(app, store, webhooks, url, tokens);
    const afterwards = extend({ app, db: getGitHubStore(store), tokens, webhooks, url });
    register(app, store, webhooks, url, tokens);
    afterwards();
  };
}

async function importChunk(): Promise<GitHubChunk> {
  const entry = import.meta.resolve("emulate");
  const { version }: { version?: unknown } = JSON.parse(readFileSync(new URL("../package.json", entry), "utf8"));
  const reference = /import\("(\.\/dist-[A-Z0-9]+\.js)"\);\s*return \{\s*plugin: mod\.githubPlugin/;
  const chunk = reference.exec(readFileSync(new URL(entry), "utf8"))?.[1];
  const module: unknown = version === KNOWN_VERSION && chunk ? await import(new URL(chunk, entry).href) : null;
  if (!isGitHubChunk(module)) {
    throw new Error(
      `The local GitHub extends emulate ${KNOWN_VERSION} and found ${String(version)}: install exactly that version.`,
    );
  }
  return module;
}

function isGitHubChunk(module: unknown): module is GitHubChunk {
  return typeof module === "object" && module !== null && "githubPlugin" in module && "getGitHubStore" in module;
}
