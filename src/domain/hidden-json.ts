/** JSON in one line that can stand in an HTML comment, can neither end it nor begin another, and mentions nobody. */
export function printHiddenJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&@-]/g,
    (character) => String.raw`\u00${character.charCodeAt(0).toString(16)}`,
  );
}

/** The inverse; undefined for a text that is no JSON: whoever may edit an issue may write anything. */
export function readHiddenJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
