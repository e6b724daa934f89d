import type { HandEdit } from "../../domain/control/hand-edit.ts";
import { quote } from "../../domain/quote.ts";
import type { Settlement } from "../../github/settle.ts";

/** What to tell the author of a commit that changed the control file by hand: what becomes of it, and the plain way. */
export function settlementText(settlements: readonly Settlement[]): string {
  return settlements.map(textOf).join("\n\n");
}

function textOf(settlement: Settlement): string {
  switch (settlement.kind) {
    case "adopted":
      return editText(settlement.edit);
    case "state-restored":
      return "This change dropped the key `batchkeeper`, which holds what was stopped and counted. It is put back from the last version that had it. A program that rewrites the file must keep the keys that it does not know.";
    case "file-restored":
      return "This change deleted the control file. It is put back, because a stop that is in force must not vanish with it. To end Batchkeeper's work here, uninstall the app.";
  }
}

function editText(edit: HandEdit): string {
  if (edit.kind === "kept") {
    const { id, scope, by } = edit.hold;
    return `This change takes ${scopeText(scope)} out of what is stopped, and the security hold \`${id}\`, by ${quote(by, 40)}, **still stands**: it is put back. Lifting a security hold takes two people: \`/batch resume --hold ${id}\` asks for the second.`;
  }
  if (edit.kind === "released") {
    const { id, scope, by } = edit.hold;
    return `The hold \`${id}\` on ${scopeText(scope)}, by ${quote(by, 40)}, is lifted by this change. \`/batch resume\` does the same and says what is still in the way.`;
  }
  const undo = edit.scope === "*" ? "/batch resume" : `/batch resume ${edit.scope}`;
  return `This change stops ${scopeText(edit.scope)}. It becomes a hold in your name; \`${undo}\` lifts it.`;
}

function scopeText(scope: string): string {
  return scope === "*" ? "everything" : scope;
}
