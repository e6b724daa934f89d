import { scaleUtc } from "d3-scale";
import { html } from "hono/html";
import type { BreakerState } from "../../domain/breaker/breaker.ts";
import type { Period, Span } from "../../domain/breaker/timeline.ts";
import { elapsed } from "../../domain/elapsed.ts";
import { DAY } from "../../domain/instant.ts";
import type { Html } from "./html.ts";

/** Units across: what is shorter than one is not drawn apart. */
const WIDTH = 600;
const HEIGHT = 10;
const STATES: readonly BreakerState[] = ["closed", "half-open", "open"];

/** What a breaker said over a period, as a strip; in words for those who do not see it. */
export function timelineStrip(spans: readonly Span[], period: Period): Html {
  const x = scaleUtc().domain([period.from, period.until]).rangeRound([0, WIDTH]);
  const paths = STATES.map((state) => {
    const stretches = merge(spans.filter((span) => span.state === state).map(({ from, until }) => [x(from), x(until)]));
    const d = stretches.map(([from, to]) => `M${from} 0h${to - from}v${HEIGHT}H${from}z`).join("");
    return d === "" ? "" : html`<path class="${state}" d="${d}"/>`;
  });
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${inWords(spans)}">${paths}</svg>`;
}

/** The days of a period, for all strips below it. */
export function timelineAxis(period: Period): Html {
  const x = scaleUtc().domain([period.from, period.until]).range([0, 100]);
  const format = x.tickFormat(4, period.until - period.from > 3 * DAY ? "%b %-d" : "%-d %b %H:%M");
  const ticks = x.ticks(4).map((tick) => html`<text x="${x(tick).toFixed(1)}%" y="11">${format(tick)}</text>`);
  return html`<svg class="axis" aria-hidden="true">${ticks}</svg>`;
}

/** At least one unit wide, so that a short opening is seen; what then touches is one. */
function merge(stretches: readonly (readonly number[])[]): readonly (readonly [number, number])[] {
  const merged: [number, number][] = [];
  for (const [from = 0, until = 0] of stretches) {
    const to = Math.max(until, from + 1);
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function inWords(spans: readonly Span[]): string {
  const open = spans.filter(({ state }) => state === "open");
  if (spans.length === 0) return "Nothing is known of this time.";
  if (open.length === 0) return "Never open in this time.";
  const total = open.reduce((sum, { from, until }) => sum + until - from, 0);
  return `Open ${open.length === 1 ? "once" : `${open.length} times`}, ${elapsed(total)} in all.`;
}
