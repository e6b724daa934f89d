import { knownEcosystems } from "../config/known-ecosystems.ts";
import { aliasesOf, batchPlace, breakerPolicy } from "../config/policy.ts";
import type { Configuration } from "../config/schema.ts";
import type { Control } from "../domain/control/control.ts";
import { type GateReport, gateReport } from "../domain/gate/gate-report.ts";
import { type GatedKind, gatedKind, isRecipe } from "../domain/gate/gated-pull.ts";
import { type Touched, touchedEcosystems } from "../domain/gate/touched.ts";
import { dependsOnEcosystems, gateVerdict, type Stops, type Verdict } from "../domain/gate/verdict.ts";
import type { Instant } from "../domain/instant.ts";
import { readTexts } from "./gate.ts";
import type { OpenPull, PullQuestion } from "./open-pull.ts";
import type { Repository } from "./repository.ts";

/** What stops batches in a repository, and by which settings. */
export interface Situation {
  readonly settings: Configuration;
  readonly control: Control;
  readonly now: Instant;
}

/** A pull request with what the gate has to say of it. */
export interface JudgedPull {
  readonly pull: OpenPull;
  readonly kind: GatedKind;
  /** Null for what is no batch, and where it makes no difference. */
  readonly touched: Touched | null;
  readonly verdict: Verdict;
  readonly report: GateReport;
}

/** What has to be asked of every pull request. */
export function pullQuestion({ gate, outcomes }: Configuration): PullQuestion {
  const source = outcomes.find(({ from }) => from === "file");
  return { check: gate.check, results: source?.from === "file" ? source.path : "data/queues/batch-results.json" };
}

/**
 * Judges pull requests. Recipes are read, in one call for two hundred, only where it matters what they are of.
 */
export async function judgePulls(
  repository: Repository,
  pulls: readonly OpenPull[],
  { settings, control, now }: Situation,
): Promise<readonly JudgedPull[]> {
  const { recipes } = batchPlace(settings);
  const place = { glob: settings.gate.pull_requests, recipes };
  const policy = breakerPolicy(settings);
  const stops: Stops = { control, policy, aliases: aliasesOf(settings), now };
  const kinds = new Map(pulls.map((pull) => [pull, gatedKind(pull, place)]));
  const batches = pulls.filter((pull) => kinds.get(pull) === "batch");
  const isDependent = dependsOnEcosystems(stops);
  const wanted = isDependent ? batches : [];
  const places = wanted.flatMap((pull) =>
    pull.files
      .filter((path) => isRecipe(path, place) && path.endsWith(".toml"))
      .map((path) => ({ pull, commit: pull.head, path })),
  );
  const texts = await readTexts(repository, places);
  const naming = { aliases: stops.aliases, known: knownEcosystems(settings, control) };
  return pulls.map((pull): JudgedPull => {
    const kind = kinds.get(pull) ?? "other";
    const read = places.flatMap((entry, index) => (entry.pull === pull ? [texts[index] ?? ""] : []));
    const touched = isDependent && kind === "batch" ? touchedEcosystems({ ...pull, recipes: read }, naming) : null;
    const verdict = verdictOn(kind, touched, stops);
    return { pull, kind, touched, verdict, report: gateReport(verdict, policy) };
  });
}

function verdictOn(kind: JudgedPull["kind"], touched: Touched | null, stops: Stops): Verdict {
  switch (kind) {
    case "batch":
      return gateVerdict(touched, stops);
    case "rollback":
    case "acceptance":
    case "control":
      return { kind: "exempt", why: kind };
    case "other":
      return { kind: "exempt", why: "no batch" };
  }
}
