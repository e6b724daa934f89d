import type { Delivery, Handled, Waiting } from "../inbox/inbox.ts";

/** A call to GitHub, as it ended. */
interface TracedCall {
  /** As GitHub documents it: never an address with names in it. */
  readonly route: string;
  /** The operation of a GraphQL call, by the name that its text gives it; null for others. */
  readonly operation: { readonly type: string; readonly name: string } | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** A webhook that is being taken over. */
interface Arrival {
  /** What is stored with its delivery, so that what comes of it is known to belong to it (W3C `traceparent`); null for nothing. */
  readonly trace: string | null;
  /** @param status what the webhook is answered. */
  end(status: number): void;
}

/**
 * Follows events from their arrival to their effects, for people who look for where time went. It is told names of our own,
 * ids, numbers and lanes: no text of a user, and no secret.
 */
export interface Tracing {
  /** Follows a webhook, once its signature is verified. @param arrivedAt epoch milliseconds. */
  arrival(delivery: Delivery, route: string, arrivedAt: number): Arrival;
  /** Follows the handling of what was handed out of a lane. */
  batch(lane: string, waiting: readonly Waiting[], handle: () => Promise<Handled>): Promise<Handled>;
  /** Follows an attempt at some of a batch, which resolves with what failed, or null. */
  attempt<Failure extends { readonly kind: string }>(
    deliveries: readonly Waiting[],
    work: () => Promise<Failure | null>,
  ): Promise<Failure | null>;
  /** Told of every call to GitHub as it ends; status 0 when there was no answer. */
  call(method: string, status: number, call: TracedCall): void;
  /** Sends what was not sent yet, and gives up soon: the process is about to end. */
  close(): Promise<void>;
}

/** Follows nothing. */
export const NO_TRACING: Tracing = {
  arrival: () => ({ trace: null, end: () => {} }),
  batch: (_lane, _waiting, handle) => handle(),
  attempt: (_deliveries, work) => work(),
  call: () => {},
  close: async () => {},
};
