import type { Delivery } from "../delivery.ts";
import type { Json } from "../json.ts";
import type { Site } from "../site.ts";
import { type Answer, type ApiRequest, notFound, ok, Refusal, route } from "./routes.ts";

/** `/app/hook/deliveries`: the app's own view of what was delivered to it, and asking for it again. */
export function hookDeliveryRoutes(site: Site): void {
  route(site, "GET", "/app/hook/deliveries", (request) => list(site, asApp(request)));
  route(site, "GET", "/app/hook/deliveries/:id", (request) =>
    ok(fullDeliveryJson(site, deliveryOf(site, asApp(request)))),
  );
  route(site, "POST", "/app/hook/deliveries/:id/attempts", (request) => {
    site.deliveries.redeliver(deliveryOf(site, asApp(request)));
    return { status: 202, body: {} };
  });
}

/** These routes take the app's JSON web token, not an installation's. */
function asApp(request: ApiRequest): ApiRequest {
  if (request.caller.kind === "app") return request;
  throw new Refusal(401, "A JSON web token could not be decoded");
}

function deliveryOf(site: Site, request: ApiRequest): Delivery {
  const delivery = site.deliveries.log.find((row) => row.id === Number(request.param("id")));
  if (!delivery) throw notFound();
  return delivery;
}

/** Newest first; `cursor` is where the page before ended. A delivery counts as failed by its status code alone. */
function list(site: Site, request: ApiRequest): Answer {
  const perPage = Math.min(Number(request.query("per_page") ?? 30), 100);
  const cursor = Number(request.query("cursor")?.replace(/^v1_/, "") ?? Number.POSITIVE_INFINITY);
  const status = request.query("status");
  const isWanted = (delivery: Delivery) => {
    const failed = delivery.statusCode >= 400 && delivery.statusCode < 600;
    return !status || (status === "failure" ? failed : delivery.statusCode >= 200 && delivery.statusCode < 400);
  };
  // What was lost on its way out has left no trace anywhere.
  const known = site.deliveries.log.filter(({ status: outcome }) => outcome !== "dropped");
  const older = known.filter((row) => row.id < cursor && isWanted(row)).reverse();
  const shown = older.slice(0, perPage);
  const next = new URL(request.raw.url);
  next.searchParams.set("cursor", `v1_${shown.at(-1)?.id}`);
  const headers: Record<string, string> = older.length > perPage ? { link: `<${next}>; rel="next"` } : {};
  return { status: 200, body: shown.map(deliveryJson), headers };
}

function deliveryJson(delivery: Delivery): Json {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.durationSeconds,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function fullDeliveryJson(site: Site, delivery: Delivery): Json {
  return {
    ...deliveryJson(delivery),
    url: site.deliveries.url,
    request: { headers: site.deliveries.headers(delivery), payload: JSON.parse(delivery.body) },
    response: { headers: {}, payload: delivery.responseBody },
  };
}
