import { scaleLinear, scaleUtc } from "d3-scale";
import { area, line } from "d3-shape";
import { html } from "hono/html";
import type { BurnDown, BurnPoint } from "../../domain/budget/burn-down.ts";
import type { SystemDescription } from "../../domain/budget/describe-budget.ts";
import { SYSTEM_NAMES } from "../../domain/budget/runner-system.ts";
import type { WeekSpan } from "../../domain/budget/week-span.ts";
import { DAY } from "../../domain/instant.ts";
import type { Html } from "./html.ts";

const [WIDTH, HEIGHT] = [480, 200];
const MARGIN = { top: 10, right: 10, bottom: 22, left: 48 };

interface Drawn {
  readonly described: SystemDescription;
  readonly burn: BurnDown;
  readonly span: WeekSpan;
  readonly timeZone: string;
}

/** A week's budget as it goes down, with the even pace, the forecast and the thresholds. */
export function burnDownChart({ described, burn, span, timeZone }: Drawn): Html {
  const { system, used, limit, forecast } = described;
  const lowest = Math.min(0, ...burn.past.map(({ left }) => left), ...burn.forecast.map(({ left }) => left));
  const x = scaleUtc()
    .domain([span.begins, span.ends])
    .rangeRound([MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear()
    .domain([lowest, limit])
    .rangeRound([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const draw = line<BurnPoint>(
    ({ at }) => x(at),
    ({ left }) => y(left),
  ).digits(0);
  const fill = area<BurnPoint>()
    .x(({ at }) => x(at))
    .y0(y(0))
    .y1(({ left }) => y(left))
    .digits(0);
  const even = [
    { at: span.begins, left: limit },
    { at: span.ends, left: 0 },
  ];
  const grid = y
    .ticks(4)
    .map(
      (left) =>
        html`<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(left)}" y2="${y(left)}"/><text class="y" x="${MARGIN.left - 6}" y="${y(left) + 4}">${left.toLocaleString("en")}</text>`,
    );
  const thresholds = forecast
    .filter(({ percent }) => percent < 100)
    .map(({ percent }) => y(limit * (1 - percent / 100)))
    .map(
      (at) => html`<line class="threshold" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}"/>`,
    );
  const present = burn.past.at(-1);
  const dot =
    present === undefined ? "" : html`<circle class="now" cx="${x(present.at)}" cy="${y(present.left)}" r="3.5"/>`;
  const days = weekdays(span, timeZone).map(
    ({ at, name }) => html`<text class="x" x="${x(at + DAY / 2)}" y="${HEIGHT - 6}">${name}</text>`,
  );
  const words = `${SYSTEM_NAMES[system]}: ${Math.round(limit - used)} of ${limit} minutes are left.`;
  return html`<svg class="burn" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${words}">
${grid}${thresholds}<path class="area" d="${fill([...burn.past]) ?? ""}"/><path class="even" d="${draw(even) ?? ""}"/><path class="past" d="${draw([...burn.past]) ?? ""}"/><path class="forecast" d="${draw([...burn.forecast]) ?? ""}"/>${dot}${days}</svg>`;
}

function weekdays(
  { begins, ends }: WeekSpan,
  timeZone: string,
): readonly { readonly at: number; readonly name: string }[] {
  const format = new Intl.DateTimeFormat("en", { weekday: "short", timeZone });
  const days = Math.round((ends - begins) / DAY);
  return Array.from({ length: days }, (_, day) => ({
    at: begins + day * DAY,
    name: format.format(begins + (day + 0.5) * DAY),
  }));
}
