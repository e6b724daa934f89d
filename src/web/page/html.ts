import type { html } from "hono/html";
import { html as escaped } from "hono/html";
import { elapsed } from "../../domain/elapsed.ts";
import { type Instant, printInstant } from "../../domain/instant.ts";

/** A piece of a page. Whatever a template interpolates is escaped unless it is such a piece itself. */
export type Html = ReturnType<typeof html>;

/** A moment as people read it, `2026-01-28 03:15Z`, and as programs do. */
export function moment(at: Instant): Html {
  const text = printInstant(at);
  return escaped`<time datetime="${text}">${text.slice(0, 16).replace("T", " ")}Z</time>`;
}

/** How long ago a moment was, with the moment itself for whoever points at it. */
export function ago(at: Instant, now: Instant): Html {
  const text = printInstant(at);
  return escaped`<time datetime="${text}" title="${text}">${elapsed(now - at)} ago</time>`;
}

/** How long it is until a moment. */
export function until(at: Instant, now: Instant): Html {
  const text = printInstant(at);
  return at <= now
    ? escaped`<time datetime="${text}" title="${text}">now</time>`
    : escaped`<time datetime="${text}" title="${text}">in ${elapsed(at - now)}</time>`;
}

/** A link to somewhere on the web; anything else, such as `javascript:`, is shown and does not lead anywhere. */
export function link(url: string, text: string | Html): Html {
  return /^https?:\/\//i.test(url) ? escaped`<a href="${url}">${text}</a>` : escaped`<span>${text}</span>`;
}
