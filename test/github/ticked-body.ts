/** A text in which the one empty box of a task list whose line has these words is ticked, as GitHub's page ticks it. */
export function tickedBody(body: string, words: string): string {
  const lines = body.split("\n");
  const index = lines.findIndex((line) => line.startsWith("- [ ]") && line.includes(words));
  if (index === -1) throw new Error(`There is no empty box of ${words}.`);
  return lines.map((line, at) => (at === index ? line.replace("- [ ]", "- [x]") : line)).join("\n");
}
