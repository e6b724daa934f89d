import { quote } from "../quote.ts";
import type { Check, Hash } from "./check-plan.ts";

/** What a comparison of a download with its checksum came to. */
export type CheckResult =
  | { readonly kind: "same"; readonly check: Check; readonly hash: Hash; readonly bytes: number }
  /** What is there is not what was published. `host` is where it was read in the end. */
  | {
      readonly kind: "drift";
      readonly check: Check;
      readonly published: Hash;
      readonly found: Hash;
      readonly host: string;
    }
  /** It could not be compared, which says nothing of the file. */
  | { readonly kind: "unchecked"; readonly check: Check; readonly why: string };

export type Drift = Extract<CheckResult, { kind: "drift" }>;

/** One line of an answer. */
export function resultLine(result: CheckResult): string {
  const url = quote(result.check.url, 300);
  switch (result.kind) {
    case "same":
      return `- **as published**: ${url}, ${result.bytes} bytes, ${result.hash.name} \`${result.hash.digits}\``;
    case "drift":
      return `- **differs**: ${url}: published ${result.published.name} \`${result.published.digits}\`, found \`${result.found.digits}\``;
    case "unchecked":
      return `- **not compared**, which is not a "no": ${url}: ${result.why}`;
  }
}
