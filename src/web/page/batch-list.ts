import { html } from "hono/html";
import { claimedIds } from "../../domain/batches/batch-claim.ts";
import { fateOf } from "../../domain/batches/batch-fate.ts";
import { parseInstant } from "../../domain/instant.ts";
import type { Panorama } from "../../view/board.ts";
import { type Html, link, moment } from "./html.ts";
import { partList } from "./part.ts";
import { badge } from "./verdict.ts";

type Batches = Extract<Panorama["batches"], { kind: "known" }>["value"];

const MOST_SHOWN = 8;

/** The newest batches and what became of each. */
export function batchList({ batches }: Panorama): Html {
  const shown = batches.kind === "known" ? { ...batches, value: batches.value.batches.slice(0, MOST_SHOWN) } : batches;
  return partList(shown, "There are no batches yet.", (pull) => {
    const ids = claimedIds(pull.claim).map(({ text }) => html`<code>${text}</code> `);
    const at = parseInstant(pull.mergedAt ?? pull.createdAt);
    const when = at === null ? "" : html` <span class="muted">${moment(at)}</span>`;
    const fate = batches.kind === "known" ? fateBadge(pull, batches.value) : "";
    return html`<li>${fate} ${link(pull.url, html`${ids}#${pull.number} ${pull.title}`)}${when}</li>`;
  });
}

function fateBadge({ number, state }: Batches["batches"][number], { rollbacks, undos }: Batches): Html {
  if (state !== "merged") return state === "open" ? badge("ok", "open") : badge("warn", "not merged");
  const fate = fateOf(number, rollbacks, undos);
  switch (fate.kind) {
    case "in-force":
      return badge("ok", "merged");
    case "waiting":
      return badge("warn", "rollback waits");
    case "rolled-back":
      return badge("stop", fate.isPartial ? "rolled back in part" : "rolled back");
    case "restored":
      return badge("ok", "restored");
    default:
      return fate satisfies never;
  }
}
