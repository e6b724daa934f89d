/** A section of the runbook, walked: the branch that was taken, the steps already done, and what is left to a person. */
export interface Walk {
  /** The number of the section. */
  readonly section: number;
  readonly tree: readonly Branch[];
  /** Each in a line: what the runbook says to look up, and what was found. */
  readonly steps: readonly { readonly what: string; readonly found: string }[];
  /** Each in a line, commands in code. */
  readonly resolution: readonly string[];
}

/** A branch of a decision tree. */
interface Branch {
  /** As the runbook has it. */
  readonly when: string;
  /** Null when it could not be told. */
  readonly isTaken: boolean | null;
  /** Why it is taken, and what that means; or why not. */
  readonly why: string;
}

/** The walk as Markdown, in the order of the runbook; its last part, the escalation, is kept with the timeline. */
export function walkText({ section, tree, steps, resolution }: Walk): string {
  return `### Decision tree (runbook section ${section})
${tree.map(branchText).join("\n")}

### Investigation, done for you
${steps.map(({ what, found }, index) => `${index + 1}. **${what}:** ${found}`).join("\n")}

### Resolution
${resolution.map((line) => `- ${line}`).join("\n")}`;
}

function branchText({ when, isTaken, why }: Branch): string {
  switch (isTaken) {
    case true:
      return `- **→ ${when}:** ${why}`;
    case false:
      return `- ${when}: no${why === "" ? "" : `, ${why}`}`;
    case null:
      return `- ${when}: unknown, ${why}`;
  }
}
