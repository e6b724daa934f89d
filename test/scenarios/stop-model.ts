const MINUTE = 60_000;

/** `*` is everything. */
export const SCOPES = ["*", "homebrew", "npm"] as const;
export type Scope = (typeof SCOPES)[number];

/** A stop as its author means it. */
export interface Stop {
  readonly by: string;
  readonly scope: Scope;
  readonly isNow: boolean;
  readonly isSecurity: boolean;
  /** Minutes until it ends by itself; null: never. */
  readonly minutes: number | null;
}

interface ModelHold {
  readonly scope: Scope;
  readonly kind: "operator" | "security";
  readonly by: string;
  until: number | null;
  isNow: boolean;
}

/** What stops, resumes, hand edits, approvals and time come to, with nothing of GitHub in it: a list of holds. */
export class StopModel {
  #holds: ModelHold[] = [];
  #now = 0;
  /** Who asked for the end of the security hold, and when. */
  #asked: { readonly by: string; readonly at: number } | null = null;

  stop({ by, scope, isNow, isSecurity, minutes }: Stop): void {
    const kind = isSecurity ? "security" : "operator";
    const until = minutes === null ? null : this.#now + minutes * MINUTE;
    const own = this.#holds.find((hold) => hold.by === by && hold.scope === scope && hold.kind === kind);
    if (own === undefined) this.#holds.push({ scope, kind, by, until, isNow: isNow || isSecurity });
    else Object.assign(own, { until, isNow: own.isNow || isNow });
  }

  /** Lifts what one person may lift of exactly this scope, and asks for the rest. */
  resume(by: string, scope: Scope): void {
    if (this.hasSecurity && scope === "npm") this.#asked ??= { by, at: this.#now };
    this.lift(scope);
  }

  approve(by: string): void {
    if (this.#asked === null || this.#asked.by === by) return;
    this.#holds = this.#holds.filter(({ kind }) => kind !== "security");
    this.#asked = null;
  }

  /** Somebody puts a scope into the switches; where it is there already that is no change. */
  stopByHand(by: string, scope: Scope): void {
    if (this.isHeld(scope)) return;
    this.#holds.push({ scope, kind: "operator", by, until: null, isNow: false });
  }

  /** Somebody takes a scope out of the switches: a security hold stands all the same. */
  lift(scope: Scope): void {
    this.#holds = this.#holds.filter((hold) => hold.scope !== scope || hold.kind === "security");
  }

  pass(minutes: number): void {
    this.#now += minutes * MINUTE;
    this.#holds = this.#holds.filter(({ until }) => until === null || until > this.#now);
    if (this.#asked !== null && this.#asked.at + 24 * 60 * MINUTE <= this.#now) this.#asked = null;
  }

  isHeld(scope: Scope): boolean {
    return this.#holds.some((hold) => hold.scope === scope);
  }

  /** Whether the end of the security hold waits for a second operator. */
  get isAsked(): boolean {
    return this.#asked !== null;
  }

  get hasSecurity(): boolean {
    return this.#holds.some(({ kind }) => kind === "security");
  }

  /** Whether a stop covers a batch of these ecosystems. */
  covers(ecosystems: readonly string[]): boolean {
    return this.#holds.some(({ scope }) => scope === "*" || ecosystems.includes(scope));
  }

  get isWorkflowDisabled(): boolean {
    return this.#holds.some(({ scope, isNow }) => scope === "*" && isNow);
  }

  /** Each hold in words, sorted. */
  get holds(): readonly string[] {
    return this.#holds.map(({ scope, kind, by }) => `${scope} ${kind} ${by}`).toSorted();
  }
}
