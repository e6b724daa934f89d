import { printMarker, readMarker } from "../github/marker.ts";
import { describeOffer, type Offer, offerKey, readOffer, wordsOf } from "./offer.ts";

const EMPTY = "- [ ] ";
const BOX = /^- \[[ xX]\] /;
const TICKED = /^- \[[xX]\] /;

/** The line of an offer: an empty box, its name in a hidden marker, and what it gives for people to read. */
export function printBox(offer: Offer): string {
  const marker = printMarker({ kind: "offer", key: offerKey(offer) });
  return `${EMPTY}${marker} **${describeOffer(offer)}** \`/batch ${wordsOf(offer).join(" ")}\``;
}

/** What somebody ticked. */
export interface Ticks {
  /** Boxes that this app prints just so. */
  readonly offers: readonly Offer[];
  /** How many boxes it does not. */
  readonly foreign: number;
}

/** The boxes that are ticked in one text and were empty, and otherwise the same, in an earlier one. */
export function ticksBetween(before: string, after: string): Ticks {
  const offered = new Set(linesOf(before).filter((line) => line.startsWith(EMPTY)));
  const ticked = tickedLines(after).filter((line) => offered.has(line));
  const offers = ticked.flatMap((line) => offerIn(line) ?? []);
  return { offers, foreign: ticked.length - offers.length };
}

/** The offers whose boxes are ticked in a text. */
export function tickedIn(text: string): readonly Offer[] {
  return tickedLines(text).flatMap((line) => offerIn(line) ?? []);
}

/** A text with all boxes empty, as it was before anybody ticked one. */
export function withEmptyBoxes(text: string): string {
  return linesOf(text)
    .map((line) => line.replace(BOX, EMPTY))
    .join("\n");
}

/** Each once, as they look without the tick. */
function tickedLines(text: string): readonly string[] {
  return [...new Set(linesOf(text).flatMap((line) => (TICKED.test(line) ? [line.replace(BOX, EMPTY)] : [])))];
}

/** The offer of a line, if the line is exactly what this app prints for it: no text may promise another command. */
function offerIn(line: string): Offer | null {
  const [marker = ""] = /<!-- .*? -->/.exec(line) ?? [];
  const offer = readOffer(readMarker(marker, "offer") ?? "");
  return offer !== null && printBox(offer) === line ? offer : null;
}

// GitHub's editor ends lines as browsers do.
function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/);
}
