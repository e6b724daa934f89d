/** One webhook delivery, verified and parsed. */
export interface Delivery {
  /** `X-GitHub-Delivery`: the same for every delivery of one event. */
  readonly id: string;
  /** `X-GitHub-Event`. */
  readonly event: string;
  readonly payload: unknown;
  /** What is handled in order, one at a time: the full name of the repository, or "" for events of none. */
  readonly lane: string;
}

/** Handles one delivery. It may be called again for the same delivery and must then have no second effect. */
export type DeliveryHandler = (delivery: Delivery) => Promise<void>;

/** Carries deliveries from the answer to GitHub to their handling, in order within a lane, lanes in parallel. */
export interface Inbox {
  /**
   * Takes a delivery over. When this resolves it is safe to tell GitHub so; a delivery taken before is not handled again.
   * @throws {InboxFull} when the lane holds all that it may; the handler's error when handling is part of taking over.
   */
  accept(delivery: Delivery): Promise<void>;
  /** Whether deliveries are taken over at present. */
  isOpen(): boolean;
  /** Takes no more deliveries and resolves when those in hand are handled. */
  close(): Promise<void>;
}

/** The inbox takes no more at present: GitHub is told so, and the delivery can be sent again. */
export class InboxFull extends Error {
  override readonly name = "InboxFull";
}
