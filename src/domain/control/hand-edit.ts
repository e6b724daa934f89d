import { type Aliases, parseEcosystem, type Scope } from "../ecosystem.ts";
import type { Hold } from "../holds/hold.ts";
import { holdId } from "../holds/hold-id.ts";
import { addHold, releaseHolds } from "../holds/standing.ts";
import { type Instant, parseInstant } from "../instant.ts";
import { oneLine } from "../quote.ts";
import type { Control } from "./control.ts";
import type { ControlFile } from "./control-file.ts";
import { switchesOf } from "./switches.ts";

/** What somebody did to the switches without us, as the runbook's section 2 teaches it. */
export type HandEdit =
  | ({ readonly kind: "stopped"; readonly scope: Scope } & Words)
  | { readonly kind: "released"; readonly hold: Hold }
  /** A security hold that was taken out of the switches, and stands all the same. */
  | { readonly kind: "kept"; readonly hold: Hold };

/** What the switches say about a stop made by hand; "" and null where they say nothing. */
interface Words {
  readonly reason: string;
  readonly incidentUrl: string;
  readonly by: string;
  readonly at: Instant | null;
  readonly until: Instant | null;
}

/** The commit that made a hand edit. */
export interface HandCommit {
  /** Login of its author. */
  readonly author: string;
  readonly url: string;
  readonly at: Instant;
  /** What its message gives as the reason; the runbook's template has a line for it. */
  readonly reason?: string;
}

/**
 * Where the switches and the holds disagree. Names are compared as ecosystems, in any case and under any alias. A name
 * that no ecosystem can have is no edit: see `illFormedStops`.
 */
export function handEdits(file: ControlFile, aliases: Aliases): readonly HandEdit[] {
  const canonical = (name: string): Scope | null => (name === "*" ? name : parseEcosystem(name, aliases));
  const { enabled, disabledEcosystems } = file.switches;
  const { holds } = file.control;
  const stopped = new Set([...(enabled ? [] : ["*"]), ...disabledEcosystems].map(canonical));
  const held = new Set(holds.map((hold) => canonical(hold.scope)));
  const words = wordsByHand(file);
  return [
    ...[...stopped]
      .filter((scope) => scope !== null)
      .filter((scope) => !held.has(scope))
      .map((scope) => ({ kind: "stopped" as const, scope, ...words })),
    ...holds.filter((hold) => !stopped.has(canonical(hold.scope))).map((hold) => ({ kind: "released" as const, hold })),
  ];
}

/**
 * The same edits where lifting a security hold takes two people (runbook section 5): no edit by hand does, and neither does
 * the runbook's reset of the week, which empties the list of the disabled without a look at it.
 */
export function keepSecurity(edits: readonly HandEdit[]): readonly HandEdit[] {
  return edits.map((edit) =>
    edit.kind === "released" && edit.hold.kind === "security" ? { kind: "kept", hold: edit.hold } : edit,
  );
}

/** Makes the holds say what a person made the switches say. Adopting the same edits again changes nothing. */
export function adoptHandEdits(control: Control, edits: readonly HandEdit[], commit: HandCommit): Control {
  return edits.reduce((adopted, edit) => {
    switch (edit.kind) {
      case "stopped":
        return addHold(adopted, {
          id: holdId(commit.url, edit.scope),
          scope: edit.scope,
          kind: "operator",
          reason: oneLine(edit.reason || (commit.reason ?? "")),
          by: edit.by || commit.author,
          at: edit.at ?? commit.at,
          // An end that was past when it was written is left over from an older stop.
          until: edit.until !== null && edit.until > commit.at ? edit.until : null,
          incidentUrl: edit.incidentUrl,
          source: commit.url,
        });
      case "released":
        return releaseHolds(adopted, (hold) => hold.id === edit.hold.id && hold.scope === edit.hold.scope);
      case "kept":
        return adopted;
      default:
        return edit satisfies never;
    }
  }, control);
}

/** There is one set of words for all stops: those that are not our gravest hold's are about the stop made by hand. */
function wordsByHand({ switches, control }: ControlFile): Words {
  const ours = switchesOf(control.holds);
  const said = (key: "reason" | "incidentUrl" | "disabledBy" | "disabledAt" | "expectedResume") =>
    switches[key] === ours[key] ? "" : switches[key];
  const resume = said("expectedResume");
  const until = parseInstant(resume);
  // The runbook asks for a date in no particular form: one that is no moment is kept as words.
  const undated = until === null && resume !== "" ? [`expected to resume: ${resume}`] : [];
  return {
    reason: [said("reason"), ...undated].filter((part) => part !== "").join("; "),
    incidentUrl: said("incidentUrl"),
    by: said("disabledBy"),
    at: parseInstant(said("disabledAt")),
    until,
  };
}
