import { howToApprove } from "../../commands/ask-approval.ts";
import type { Instant } from "../../domain/instant.ts";
import { numberLink } from "../../domain/number-link.ts";
import { quote } from "../../domain/quote.ts";
import { type Acceptance, changeLines } from "../../domain/supply-chain/acceptance.ts";
import { resultLine } from "../../domain/supply-chain/check-result.ts";
import type { AcceptDriftPayload } from "./payload.ts";

/** What is said of a proposal to accept a drift. */
export interface AcceptanceText {
  readonly acceptance: Extract<Acceptance, { kind: "change" }>;
  /** Of what exactly happens: what an approval names. */
  readonly digest: string;
  readonly askedAt: Instant;
}

/** An issue or a pull request to link. */
interface Linked {
  readonly number: number;
  readonly url: string;
}

/** The answer to whoever asked. */
export function waitsText(pull: Linked, path: string, { acceptance, digest, askedAt }: AcceptanceText): string {
  return [
    `**Waits for a second operator**: ${numberLink(pull)} changes exactly this in ${quote(path, 150)}:\n${changeLines(acceptance.changes)}`,
    ...othersText(acceptance),
    `${howToApprove(digest, askedAt)} Then it is downloaded once more, and merged only if it is still that.`,
  ].join("\n\n");
}

/** The body of the pull request: what a second operator needs to decide. */
export function proposalBody(
  { path, reason, request }: AcceptDriftPayload,
  { acceptance, incident, digest, askedAt }: AcceptanceText & { readonly incident: Linked },
): string {
  const because = reason === "" ? [] : [`Reason: ${quote(reason)}`];
  return [
    `What ${quote(path, 150)} downloads is not what was published, as ${numberLink(incident)} tells. This gives the recipe the checksum of what is there now, and changes nothing else:`,
    changeLines(acceptance.changes),
    ...othersText(acceptance),
    `Asked for by ${quote(request.operator.login, 40)} in [a comment](${request.comment.url}). ${howToApprove(digest, askedAt)}`,
    ...because,
    "**Approve it only if you know why the file changed**: that its publisher says so, by another way than the recipe names. This lifts no hold and closes no incident.",
  ].join("\n\n");
}

function othersText({ others }: AcceptanceText["acceptance"]): readonly string[] {
  return others.length === 0 ? [] : [`Left as it is:\n${others.map(resultLine).join("\n")}`];
}
