import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalGitHub } from "../test/github/local-github.ts";

/** The variables with which Batchkeeper works for a GitHub of this machine, as for a GitHub Enterprise Server; any free port, a new inbox. */
export function environmentFor({ app, oauth, url }: LocalGitHub): Readonly<Record<string, string>> {
  return {
    APP_ID: String(app.appId),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: app.webhookSecret,
    GHE_HOST: new URL(url).host,
    GHE_PROTOCOL: "http",
    GITHUB_CLIENT_ID: oauth.clientId,
    GITHUB_CLIENT_SECRET: oauth.clientSecret,
    HOST: "127.0.0.1",
    PORT: "0",
    DATA_DIR: mkdtempSync(join(tmpdir(), "batchkeeper-")),
  };
}
