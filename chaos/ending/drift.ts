import { driftHeading } from "../../src/domain/incidents/drift-incident.ts";
import { readMarker } from "../../src/github/marker.ts";
import { BOT } from "../story/happening.ts";
import type { Place } from "../story/place.ts";
import type { Names } from "./names.ts";

/** What is left of the story's drifts. */
export interface DriftsLeft {
  /** What came of each comment that had something downloaded. */
  readonly results: Readonly<Record<string, string>>;
  /** By incident: which recipes it tells of, and how often. */
  readonly told: Readonly<Record<string, readonly string[]>>;
  /** What the thread says of each proposal, by its branch: that it was accepted, or not; null while it is open. */
  readonly ends: Readonly<Record<string, string | null>>;
  /** Advisories that were drafted, by what they are about. */
  readonly advisories: readonly unknown[];
}

export function driftsOf(place: Place, names: Names): DriftsLeft {
  const { github, repository } = place;
  return {
    results: Object.fromEntries(
      [...place.comments].flatMap(([id, name]) => {
        const result = place.resultOf(id);
        return result === null ? [] : [[name, names.in(result)]];
      }),
    ),
    told: recipesTold(place),
    ends: Object.fromEntries(
      github
        .pulls(repository)
        .filter(({ head }) => head.startsWith("batchkeeper/accept-drift-"))
        .map(({ head, number }) => [
          names.in(head),
          endOf(place.said({ kind: "acceptance-end", key: String(number) })),
        ]),
    ),
    advisories: github
      .advisories(repository)
      .map(({ summary, state, severity, vulnerabilities }) => ({ summary, state, severity, vulnerabilities })),
  };
}

/** Which holds stood when a proposal ended is a matter of that moment. */
function endOf(said: string | null): string | null {
  if (said === null) return null;
  return said.includes("**Accepted**") ? "accepted" : "not accepted";
}

/** The recipes of which each incident of a drift tells, in its body or a comment: every recipe that drifts is told. */
function recipesTold({ github, repository, downloads }: Place): DriftsLeft["told"] {
  const incidents = github
    .issues(repository)
    .filter(({ author, body }) => author === BOT && (readMarker(body, "incident") ?? "").startsWith("drift"));
  return Object.fromEntries(
    incidents.map(({ number, title, body }) => {
      const comments = github.comments(repository, number).filter(({ author }) => author === BOT);
      const texts = [body, ...comments.map((comment) => comment.body)];
      const lines = downloads
        .map(({ recipe }) => [recipe, texts.filter((text) => text.includes(driftHeading(recipe))).length] as const)
        .filter(([, count]) => count > 0)
        .map(([recipe, count]) => `${recipe}: ${count}`);
      return [title, lines];
    }),
  );
}
