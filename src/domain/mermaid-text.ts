/** Somebody's words for a diagram: only letters, digits and spaces mean nothing to Mermaid, nor to the code block around it. */
export function mermaidText(text: string, maxLength: number): string {
  const plain = text
    .replaceAll(/[^\p{L}\p{N}.,/ -]+/gu, " ")
    .replaceAll(/ +/g, " ")
    .trim();
  return plain.length <= maxLength ? plain : `${plain.slice(0, maxLength).toWellFormed().trimEnd()}…`;
}
