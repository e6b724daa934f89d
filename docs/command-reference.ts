import { catalog } from "../src/commands/catalog.ts";
import { renderHelp } from "../src/commands/help.ts";

/** The text of docs/commands.md, made from the declarations that parse and run the commands. */
export function commandReference(): string {
  const details = catalog.map(({ verb }) => `## \`/batch ${verb}\`\n\n${renderHelp(catalog, verb)}`);
  return `# Commands

Write \`/batch <command>\` at the start of a line of a new comment on an issue or a pull request, open or closed. Code, quotes
and HTML comments are ignored; several commands of one comment run in order; edits run nothing. Words after a dash, a colon or
\`reason:\` are the reason. Who counts as an operator is set by \`operators\` in the [configuration](configuration.md).

This page is made from the declarations in \`src/commands\` by \`npm run docs\`.

${renderHelp(catalog, null)}

${details.join("\n\n")}
`;
}
