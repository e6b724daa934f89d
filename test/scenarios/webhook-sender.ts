import { createHmac, randomUUID } from "node:crypto";
import type { LocalGitHub } from "../github/local-github.ts";

/** Posts to the app's webhook what the local GitHub does not send of itself: other payloads, other headers. */
export class WebhookSender {
  readonly #github: LocalGitHub;

  constructor(github: LocalGitHub) {
    this.#github = github;
  }

  /** Posts an event as GitHub does, signed with the app's secret. */
  deliver(event: string, payload: unknown): Promise<Response> {
    const body = JSON.stringify(payload);
    const headers = {
      "x-github-event": event,
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": this.sign(body),
    };
    return this.post(body, headers);
  }

  /** Posts any text under any headers. */
  post(body: string, headers: Readonly<Record<string, string>>): Promise<Response> {
    const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body };
    return fetch(this.#github.webhookUrl ?? "", init);
  }

  /** What `X-Hub-Signature-256` says of a body. */
  sign(body: string): string {
    return `sha256=${createHmac("sha256", this.#github.app.webhookSecret).update(body).digest("hex")}`;
  }
}
