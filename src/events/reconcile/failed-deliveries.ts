import { type Instant, MINUTE, parseInstant } from "../../domain/instant.ts";
import type { Octokit } from "../../github/octokit.ts";
import { sendIdempotent } from "../../github/send-once.ts";
import { isHandled } from "../occurrence.ts";
import type { Services } from "../services.ts";

/** A delivery may be logged a while after it was sent, and its failure later still. */
const OVERLAP = 15 * MINUTE;
const MOST_PAGES = 20;
/** What failed so often fails for its own sake; the look into the repository finds what it was about. */
const MOST_ATTEMPTS = 5;

type Logged = Awaited<ReturnType<Octokit["rest"]["apps"]["listWebhookDeliveries"]>>["data"][number];

/**
 * Has GitHub deliver again what it could not deliver since a moment: GitHub itself never does (GitHub documentation,
 * "Handling failed webhook deliveries"). The GUID stays the same, so that one which did arrive is not handled twice.
 */
export async function redeliverFailed(app: Octokit, since: string, { log }: Services): Promise<void> {
  const logged = await deliveriesSince(app, (parseInstant(since) ?? 0) - OVERLAP);
  for (const [guid, attempts] of Map.groupBy(logged, (delivery) => delivery.guid)) {
    const [newest] = attempts;
    if (newest === undefined || attempts.some(isDelivered) || attempts.length >= MOST_ATTEMPTS) continue;
    if (!isHandled(newest.event, newest.action)) continue;
    log.info({ delivery: guid, event: newest.event, status: newest.status }, "GitHub is asked to deliver again");
    await sendIdempotent(() => app.rest.apps.redeliverWebhookDelivery({ delivery_id: newest.id }));
  }
}

/** Newest first, as GitHub lists them. */
async function deliveriesSince(app: Octokit, since: Instant): Promise<readonly Logged[]> {
  const found: Logged[] = [];
  let pages = 0;
  for await (const { data } of app.paginate.iterator(app.rest.apps.listWebhookDeliveries, { per_page: 100 })) {
    const recent = data.filter(({ delivered_at }) => (parseInstant(delivered_at) ?? 0) >= since);
    found.push(...recent);
    pages += 1;
    if (recent.length < data.length || pages === MOST_PAGES) break;
  }
  return found;
}

/** One that GitHub has not heard back of yet is not known to have failed. */
function isDelivered({ status, status_code }: Logged): boolean {
  return status === "OK" || (status_code >= 200 && status_code < 300) || status === "pending";
}
