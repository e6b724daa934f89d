import { html } from "hono/html";
import type { Part } from "../../view/repository-view.ts";
import type { Html } from "./html.ts";

/** A list that was read from GitHub; what could not be read is not shown as empty. */
export function partList<T>(part: Part<readonly T[]>, none: string, item: (value: T) => Html): Html {
  if (part.kind === "unknown") return unknown(part.why);
  if (part.value.length === 0) return html`<p class="none">${none}</p>`;
  return html`<ul class="rows">${part.value.map(item)}</ul>`;
}

/** What stands where something could not be read. */
function unknown(why: string): Html {
  return html`<p class="notice">Could not be read from GitHub (<code>${why.slice(0, 160)}</code>). It is tried again when you load the page.</p>`;
}
