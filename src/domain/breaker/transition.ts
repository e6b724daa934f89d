import type { Breaker, Standing } from "./breaker.ts";

/** What made a closed breaker open: a rule of the policy, an operator, or the pipeline's own `update_breaker.sh`. */
type TripCause = "consecutive" | "rate" | "operator" | "pipeline";

/** What happened to a breaker. */
export type Change =
  | {
      /**
       * - `none`: the breaker is the very value that went in.
       * - `recorded`: evidence was kept or counted; the state is what it was.
       * - `reopened`: a probe failed.
       * - `probing`: half-open, with a run admitted or a success on the way to closing.
       * - `expired`: the probe never reported; open again.
       * - `closed`: batches run again.
       */
      readonly kind: "none" | "recorded" | "reopened" | "probing" | "expired" | "closed";
    }
  | { readonly kind: "opened"; readonly cause: TripCause };

/** The breaker that an event leaves behind, and what happened to it: the caller writes it and tells people. */
export type Transition<Subject extends Standing = Breaker> = { readonly breaker: Subject } & Change;
