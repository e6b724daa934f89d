import { html } from "hono/html";
import { claimedIds } from "../../domain/batches/batch-claim.ts";
import { parseInstant } from "../../domain/instant.ts";
import { batchStanding } from "../../view/batch-standing.ts";
import type { Panorama } from "../../view/board.ts";
import { badge } from "./badge.ts";
import { type Html, link, moment } from "./html.ts";
import { partList } from "./part.ts";

const MOST_SHOWN = 8;

/** The newest batches and what became of each. */
export function batchList({ batches }: Panorama): Html {
  const shown = batches.kind === "known" ? { ...batches, value: batches.value.batches.slice(0, MOST_SHOWN) } : batches;
  return partList(shown, "There are no batches yet.", (pull) => {
    const ids = claimedIds(pull.claim).map(({ text }) => html`<code>${text}</code> `);
    const at = parseInstant(pull.mergedAt ?? pull.createdAt);
    const when = at === null ? "" : html` <span class="muted">${moment(at)}</span>`;
    const standing = batches.kind === "known" ? batchStanding(pull, batches.value) : null;
    const fate = standing === null ? "" : badge(standing.grade, standing.words);
    return html`<li>${fate} ${link(pull.url, html`${ids}#${pull.number} ${pull.title}`)}${when}</li>`;
  });
}
