import { type Ecosystem, INFRASTRUCTURE } from "../ecosystem.ts";
import { quote } from "../quote.ts";
import {
  type Causes,
  frequentCategories,
  NO_CAUSES,
  poisonedProbe,
  printCauses,
  readCauses,
  worstPackages,
} from "../results/causes.ts";

// Between these lines the section is written anew whenever there is more to tell; what people write around it stays.
const BEGIN = "<!-- batchkeeper-causes ";
const END = "<!-- /batchkeeper-causes -->";

/** An incident of several ecosystems has a section for each. */
function sectionOf(ecosystem: Ecosystem): RegExp {
  const name = RegExp.escape(ecosystem);
  return new RegExp(`^${BEGIN}${name} (\\{.*\\}) -->\\n[\\s\\S]*?^${END}$`, "m");
}

const MOST_PACKAGES = 5;

/** Why the runs fail, as a section of an incident that carries its own sums. */
export function causesSection(ecosystem: Ecosystem, causes: Causes): string {
  return [
    `${BEGIN}${ecosystem} ${printCauses(causes)} -->`,
    `### Why runs of ${ecosystem} fail`,
    ...causeLines(ecosystem, causes).map((line) => `- ${line}`),
    END,
  ].join("\n");
}

/** The sums that a body carries for an ecosystem. */
export function causesIn(body: string, ecosystem: Ecosystem): Causes {
  const record = sectionOf(ecosystem).exec(body)?.[1];
  return record === undefined ? NO_CAUSES : readCauses(record);
}

/** A body with its section written anew; at its end when somebody has removed it. */
export function replaceCauses(body: string, ecosystem: Ecosystem, causes: Causes): string {
  const [known, section] = [sectionOf(ecosystem), causesSection(ecosystem, causes)];
  return known.test(body) ? body.replace(known, () => section) : `${body}\n\n${section}`;
}

/** The sentence on a package by which every probe fails; "" when there is none. */
export function poisonedText(ecosystem: Ecosystem, causes: Causes): string {
  const poisoned = poisonedProbe(causes);
  if (poisoned === null) return "";
  const name = quote(fullName(ecosystem, poisoned.name), 140);
  return `**Poisoned probe: ${name}, ${poisoned.streak} in a row.** The pipeline tries the same package every time, and the breaker cannot close until that one works. Mend it, or take it out of the queue (exclude it there, or mark it as failed), then let the next run be the probe with \`/batch breaker ${ecosystem} probe — reason\`.`;
}

function causeLines(ecosystem: Ecosystem, causes: Causes): readonly string[] {
  const categories = frequentCategories(causes);
  if (causes.failing === 0) return ["Nothing is known yet."];
  if (categories.length === 0) return [`The results of ${runs(causes.failing)} that failed name no causes.`];
  const total = categories.reduce((sum, [, count]) => sum + count, 0);
  const shares = categories.map(([category, count]) => `${category} ${Math.round((100 * count) / total)} % (${count})`);
  const packages = worstPackages(causes, MOST_PACKAGES).map(
    ([name, { runs: many }]) => `${quote(fullName(ecosystem, name), 140)} in ${many} of ${causes.failing}`,
  );
  return [
    `By category, in ${runs(causes.failing)} that failed: ${shares.join(", ")}.`,
    ...(packages.length === 0 ? [] : [`Packages that fail most: ${packages.join(", ")}.`]),
    ...[poisonedText(ecosystem, causes)].filter((text) => text !== ""),
    ...[advice(categories[0]?.[0])].filter((text) => text !== ""),
  ];
}

/** What the runbook says of the category that dominates (section 1, investigation steps 4 and 5). */
function advice(category: string | undefined): string {
  switch (category) {
    case "network":
      return "Network errors dominate: look at the status pages of GitHub and of the upstream APIs.";
    case "validation":
      return "Validation errors dominate: look at recent changes of the CI.";
    default:
      return "";
  }
}

function runs(count: number): string {
  return count === 1 ? "1 run" : `${count} runs`;
}

/** `homebrew:go-task`; what the infrastructure is charged with bears its ecosystem already. */
function fullName(ecosystem: Ecosystem, name: string): string {
  return ecosystem === INFRASTRUCTURE ? name : `${ecosystem}:${name}`;
}
