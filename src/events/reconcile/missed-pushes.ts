import { parseInstant, printInstant } from "../../domain/instant.ts";
import { type PastPush, pushesSince } from "../../github/push-history.ts";
import { at, type Repository } from "../../github/repository.ts";
import { type Delivery, laneOf } from "../../inbox/inbox.ts";
import type { Services } from "../services.ts";
import { pushKey } from "../supply-chain/watch-push.ts";
import { type Found, NOTHING_FOUND, settledOf } from "./found.ts";
import type { ReconcilePayload } from "./payload.ts";
import { LOOK_BACK } from "./period.ts";

/**
 * The default branch moved since the last look. Where it is now is as good as a push that does not tell what it touched, so
 * that the control file is settled whoever changed it. Each push that nobody told us of is looked into besides, a force push
 * like any other: GitHub remembers how the branch got where it is. One conditional call, and one more where it moved.
 */
export async function missedPushes(
  payload: ReconcilePayload,
  repository: Repository,
  services: Services,
): Promise<{ readonly found: Found; readonly since: string }> {
  const { reader, now, heardPushes, botLogin } = services;
  const { octokit, defaultBranch, fullName } = repository;
  const known = payload.pushes_since;
  const news = await reader.news(`head ${fullName}`, (headers) =>
    octokit.rest.git.getRef({ ...at(repository), ref: `heads/${defaultBranch}`, headers }),
  );
  if (news === null) return { found: NOTHING_FOUND, since: known };
  const since = parseInstant(known) ?? now() - LOOK_BACK;
  const pushes = await pushesSince(repository, since);
  const { settled, keep } = settledOf(pushes, news, (push) => push.at, services);
  const own = await botLogin();
  const unheard = settled.filter((push) => !heardPushes.has(pushKey(fullName, push)) && !isOwn(push, own));
  const base = { installation: payload.installation, repository: payload.repository };
  const head = { ...base, ref: `refs/heads/${defaultBranch}`, deleted: false, commits: [], isWhole: false };
  const deliveryOf = (id: string, body: object): Delivery => {
    const text = JSON.stringify({ ...head, ...body });
    return { id, event: "push", lane: laneOf(fullName), body: text, urgent: false };
  };
  const { sha } = news.data.object;
  const deliveries = [
    ...unheard.toReversed().map(({ before, after, forced, sender, at: pushed }) =>
      deliveryOf(`push:${fullName}:${before}:${after}`, {
        before,
        after,
        forced,
        pushed_at: printInstant(pushed),
        ...(sender === null ? {} : { sender }),
      }),
    ),
    deliveryOf(`head:${fullName}:${sha}`, { after: sha }),
  ];
  const [latest] = settled;
  return { found: { deliveries, keep }, since: latest === undefined ? known : printInstant(latest.at) };
}

/** What this app pushes by itself is the control file, and a force push is not of its making. */
function isOwn({ sender, forced }: PastPush, own: string): boolean {
  return !forced && sender?.type === "Bot" && sender.login === own;
}
