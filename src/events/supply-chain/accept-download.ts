import type { DownloadWork } from "../../commands/context.ts";
import type { Delivery, Inbox } from "../../inbox/inbox.ts";
import { ACCEPT_DRIFT, APPROVE_DRIFT, VERIFY } from "../occurrence.ts";
import type { RepositoryEvent } from "../payload.ts";
import type { Asked, VerifyPayload } from "./payload.ts";

/**
 * The lane of downloads, one for all repositories: whatever takes minutes there holds up no command, and no more than one
 * of the lanes that a process works on at a time.
 */
const LANE = "downloads";

/** Takes over what somebody asked for that downloads; asked again by the same comment or review, it is one. */
export async function acceptDownload(
  { installation, repository }: RepositoryEvent,
  work: DownloadWork,
  asked: Asked,
  inbox: Pick<Inbox, "accept">,
): Promise<void> {
  await inbox.accept([deliveryOf(work, { installation, repository, asked })]);
}

function deliveryOf({ kind, ...work }: DownloadWork, event: RepositoryEvent & { readonly asked: Asked }): Delivery {
  const id = `${kind}:${event.repository.full_name}:${event.asked.key}`;
  return { id, event: EVENTS[kind], lane: LANE, body: JSON.stringify({ ...event, ...work }), urgent: false };
}

const EVENTS = { verify: VERIFY, "accept-drift": ACCEPT_DRIFT, "approve-drift": APPROVE_DRIFT } as const;

/** The delivery of a recipe that is to be verified for nobody in particular. */
export function verification(id: string, payload: VerifyPayload): Delivery {
  return { id, event: VERIFY, lane: LANE, body: JSON.stringify(payload), urgent: false };
}
