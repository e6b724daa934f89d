import { isLate } from "../../commands/late.ts";
import { knownEcosystems } from "../../config/known-ecosystems.ts";
import { type Ticks, ticksBetween } from "../../dashboard/box.ts";
import { type Drawing, readDrawing } from "../../dashboard/drawing.ts";
import { describeOffer, type Offer, offersOf, wordsOf } from "../../dashboard/offer.ts";
import { type Instant, parseInstant } from "../../domain/instant.ts";
import { quote } from "../../domain/quote.ts";
import type { Reading } from "../../github/change.ts";
import { findComment, writeComment } from "../../github/comment.ts";
import type { Marker } from "../../github/marker.ts";
import { type Person, type RoleReading, readRole } from "../../github/permission.ts";
import { type Repository, repositoryOf } from "../../github/repository.ts";
import { seeToRest, watchChanged } from "../answering/after-commands.ts";
import { authorize } from "../answering/authorize.ts";
import { Reply } from "../answering/reply.ts";
import { type Attempted, attempted, runCommand } from "../answering/run-command.ts";
import type { IssuesPayload } from "../payload.ts";
import type { Services } from "../services.ts";
import { lostTickKey, tickKey } from "./lost-tick.ts";
import { requestDrawing } from "./request.ts";

/** An edit of the dashboard, with the delivery that told of it. */
interface Edit {
  readonly delivery: { readonly id: string; readonly acceptedAt: Instant };
  readonly payload: IssuesPayload;
  readonly repository: Repository;
  readonly editedAt: Instant;
}

/** How many boxes of one edit are run: a click ticks one, and an editor any number. */
const MOST_TICKS = 10;

/**
 * Somebody edited the dashboard. The boxes that they ticked are commands of theirs; whatever else they changed is drawn anew.
 * What this app writes itself, and what other bots tick, commands nothing.
 */
export async function onDashboardEdited(
  delivery: Edit["delivery"],
  payload: IssuesPayload,
  services: Services,
): Promise<void> {
  const { issue, sender, changes } = payload;
  const own = await services.botLogin();
  if (issue.user?.login !== own || sender.login === own) return;
  const octokit = await services.octokitOf(payload.installation.id);
  const repository = repositoryOf(payload.repository, octokit, "command");
  const before = changes?.body?.from ?? "";
  const ticks = ticksBetween(before, issue.body ?? "");
  if (sender.type !== "Bot" && ticks.offers.length + ticks.foreign > 0) {
    const editedAt = parseInstant(issue.updated_at) ?? delivery.acceptedAt;
    await answerTicks({ delivery, payload, repository, editedAt }, ticks, before, services);
  }
  await requestDrawing(payload, services);
}

async function answerTicks(edit: Edit, { offers, foreign }: Ticks, before: string, services: Services): Promise<void> {
  const drawing = readDrawing(before, { ...edit.repository, seal: services.seal });
  if (drawing?.isIntact !== true) return refuseEdited(edit, services);
  for (const offer of offers.slice(0, MOST_TICKS)) await answerTick(edit, drawing, offer, services);
  if (foreign > 0 || offers.length > MOST_TICKS) await refuseEdited(edit, services);
}

/** A dashboard that somebody has edited may promise anything: nothing of it is run, and whoever ticked waits for an answer. */
async function refuseEdited({ payload: { issue, sender }, repository, editedAt }: Edit, { botLogin }: Services) {
  const marker: Marker = { kind: "reply", key: `tick:${issue.number}:edited:${editedAt}` };
  const own = { botLogin: await botLogin(), since: issue.updated_at };
  if ((await findComment(repository, issue.number, marker, own)) !== null) return;
  const text = `**Not run**: ${quote(sender.login, 40)} ticked boxes of a dashboard that had been edited by hand, or more than ${MOST_TICKS} at once, and nobody can tell whether they were what this app offers. It is drawn anew: tick again, or comment the command.`;
  await writeComment(repository, issue.number, marker, text, botLogin);
}

/**
 * Runs the command of one box with the permission of whoever ticked it. The answer is begun before the command is run: it is
 * the comment that the command is known by from then on, in holds and branches, as if it had been typed there. A tick that was
 * answered before is left alone, and one whose answer was only begun is gone on with.
 */
async function answerTick(edit: Edit, drawing: Drawing, offer: Offer, services: Services): Promise<void> {
  const { delivery, payload, repository, editedAt } = edit;
  const { issue, sender } = payload;
  const person = { login: sender.login, id: sender.id };
  const key = `${tickKey(issue.number, drawing, offer)}${editedAt}`;
  const thread = { issue: issue.number, key, since: issue.updated_at };
  const reply = new Reply(thread, services);
  const [isFinished, role, first] = await Promise.all([
    reply.isFinished(repository, [lostTickKey(issue.number, drawing, offer)]),
    readRole(repository, person),
    attempted(services.store.read(repository)),
  ]);
  if (isFinished) return;
  const whole = (text: string) =>
    `${quote(sender.login, 40)} ticked **${describeOffer(offer)}**, \`/batch ${wordsOf(offer).join(" ")}\`\n\n${text}`;
  const again = reply.isBegun;
  // What it did itself is not offered any more when it is handled again.
  if (!again && first.kind === "read" && !isOffered(offer, first.value)) {
    const text = "**Not run**: this is not offered any more, because the pipeline stands otherwise by now.";
    return reply.finish(repository, whole(text));
  }
  const id = await reply.open(await speakingAs(repository, offer, { person, role, first }), whole("…"));
  const missedAt = isLate({ writtenAt: editedAt, acceptedAt: delivery.acceptedAt }) && !again ? editedAt : null;
  const request = {
    words: wordsOf(offer),
    event: delivery.id,
    comment: { id, url: `${issue.html_url}#issuecomment-${id}`, at: editedAt },
    position: 0,
    again,
    issue: { number: issue.number, url: issue.html_url },
    operator: person,
  };
  const say = (speaking: Repository, text: string) => reply.begin(speaking, whole(text));
  const told = { readAt: services.now(), missedAt, say, downloadLater: async () => {} };
  const answer = await runCommand({ request, line: 1, repository, role, ...told }, first, services);
  const answers = [{ ...answer, request }];
  const answering = { ...repository, urgency: answer.urgency };
  await watchChanged(payload, repository, first, answers, services);
  await reply.finish(answering, whole(answer.text));
  await seeToRest(answering, first, answers, services);
}

/** A stop of somebody who may stop waits for nobody's room to write. */
async function speakingAs(
  repository: Repository,
  { verb }: Offer,
  { person, role, first }: { readonly person: Person; readonly role: RoleReading; readonly first: Attempted<Reading> },
): Promise<Repository> {
  if (verb !== "stop" || first.kind === "failed") return repository;
  const { operators } = first.value.configuration.settings;
  const refusal = await authorize({ verb, needs: "write" }, { repository, person, role, operators });
  return refusal === null ? { ...repository, urgency: "safety" } : repository;
}

function isOffered(offer: Offer, { control, configuration }: Reading): boolean {
  // What cannot be read is told by the command.
  if (control.kind !== "ready") return true;
  const known = knownEcosystems(configuration.settings, control.file.control);
  return offersOf(control.file.control, known).some(({ verb, scope }) => verb === offer.verb && scope === offer.scope);
}
