/** A "no" that a person will read. The text is Markdown in which words from outside are quoted: what was read, the rule, the way out. */
export interface Refusal {
  readonly kind: "refusal";
  readonly text: string;
}

/** A refusal with its text. Callers quote what came from outside. */
export function refusal(text: string): Refusal {
  return { kind: "refusal", text };
}
