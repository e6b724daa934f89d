import type { Needs } from "../../commands/command.ts";
import type { Answer } from "../../commands/context.ts";
import type { Configuration } from "../../config/schema.ts";
import { quote } from "../../domain/quote.ts";
import { messageOf } from "../../github/failure.ts";
import { includesRole, isInTeam, type Person, type Role, type RoleReading } from "../../github/permission.ts";
import type { Repository } from "../../github/repository.ts";

/** Who asks, where, with which role, and who may command there. */
export interface Authority {
  readonly repository: Repository;
  readonly person: Person;
  readonly role: RoleReading;
  readonly operators: Configuration["operators"];
}

/**
 * The answer to a person who may not give a command, or null for one who may. What could not be checked is denied too, but
 * says so: it is another matter than not being allowed, and worth another try.
 */
export async function authorize(
  command: { readonly verb: string; readonly needs: Needs },
  { repository, person, role, operators }: Authority,
): Promise<Answer | null> {
  const needed: Role = command.needs === "read" ? "read" : operators.permission;
  if (role.kind === "unknown") return unchecked(role.reason);
  if (includesRole(role.role, needed)) return null;
  try {
    // A login that changed hands has the role "none" here, and must not slip in through a team either.
    if (role.role !== "none" && (await isInTeam(repository, person, operators.teams))) return null;
  } catch (error) {
    return unchecked(messageOf(error));
  }
  const teams =
    operators.teams.length === 0
      ? ""
      : `, or membership of ${operators.teams.map((team) => quote(team, 60)).join(" or ")}`;
  const text = `**refused**: ${quote(person.login, 40)} has the role ${role.role} here, and \`/batch ${command.verb}\` needs ${needed}${teams}.`;
  return { outcome: "refused", text };
}

function unchecked(reason: string): Answer {
  const text = `**not run**: your permission could not be checked, which is not a "no" (${quote(reason)}). Repeat the command.`;
  return { outcome: "failed", text };
}
