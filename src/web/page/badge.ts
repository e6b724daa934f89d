import { html } from "hono/html";
import type { Grade } from "../../view/verdict.ts";
import type { Html } from "./html.ts";

/** A state in a word, coloured. */
export function badge(grade: Grade, text: string): Html {
  return html`<span class="badge ${grade}">${text}</span>`;
}
