import { test as base } from "vitest";
import { AppClient } from "./app-client.ts";
import type { Json } from "./json.ts";
import { type LocalGitHub, startLocalGitHub } from "./local-github.ts";
import { WebhookReceiver } from "./webhook-receiver.ts";

/** What a contract test finds: a GitHub, the app calling it, and where its webhooks arrive. */
interface World {
  readonly github: LocalGitHub;
  readonly client: AppClient;
  readonly hooks: WebhookReceiver;
  /** `acme/recipes`, in which olga may write and rita may read; with `control.json` and a numbered list. */
  readonly repo: string;
}

export const LIST = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

/** Payloads of one event in the order GitHub sent them; they may arrive in another. */
export function payloads(github: LocalGitHub, event: string): Json[] {
  return github.deliveries.filter((row) => row.event === event).map((row) => JSON.parse(row.body));
}

/** `event.action` of everything GitHub sent, in order. */
export function names(github: LocalGitHub): string[] {
  return github.deliveries.map(({ event, action }) => (action ? `${event}.${action}` : event));
}

/** A test with a world of its own. */
export const test = base.extend<World>({
  // Vitest reads what a fixture needs from this pattern, and refuses a plain name: `task` is there anyway.
  github: async ({ task: _ }, use) => {
    const github = await startLocalGitHub();
    await use(github);
    await github.close();
  },
  client: async ({ github }, use) => use(new AppClient(github)),
  hooks: [
    async ({ github }, use) => {
      const hooks = await WebhookReceiver.start();
      github.webhookUrl = hooks.url;
      await use(hooks);
      await hooks.close();
    },
    { auto: true },
  ],
  repo: [
    async ({ github }, use) => {
      const files = { "control.json": "{}\n", "list.txt": LIST, "recipes/jq.toml": 'version = "1.7"\n' };
      await use(
        github.createRepository({
          owner: "acme",
          name: "recipes",
          files,
          collaborators: { olga: "write", rita: "read" },
        }),
      );
    },
    { auto: true },
  ],
});
