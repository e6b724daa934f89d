import { fc } from "@fast-check/vitest";
import { compare, type Real } from "./stop-comparison.ts";
import { SCOPES, type Scope, type Stop, type StopModel } from "./stop-model.ts";
import type { World } from "./world.ts";

// Of as many that are drawn, those that would change nothing are left out: about half.
const LONGEST = 30;
// Between two looks, and soon enough for a missed command to be run.
const LOOK_MINUTES = 7;

/** What becomes of the webhooks of what somebody does: `lost` is left to the next look, `again` comes to a process that knows nothing. */
const FATES = ["sent", "doubled", "lost", "again"] as const;
type Fate = (typeof FATES)[number];

/** Something that somebody does, in the model and on GitHub, and the fate of its webhooks. */
abstract class Step implements fc.AsyncCommand<StopModel, Real> {
  readonly #fate: Fate;

  constructor(fate: Fate) {
    this.#fate = fate;
  }

  abstract readonly name: string;
  abstract check(model: Readonly<StopModel>): boolean;
  abstract happen(model: StopModel, world: World): Promise<void>;

  async run(model: StopModel, real: Real): Promise<void> {
    const { world } = real;
    const { github } = world;
    const before = github.deliveries.length;
    if (this.#fate === "lost") github.onDelivery(() => "drop");
    if (this.#fate === "doubled") github.onDelivery(() => "double");
    await this.happen(model, world);
    github.onDelivery(() => "send");
    if (this.#fate === "lost") await pass(LOOK_MINUTES, model, world);
    if (this.#fate === "again") {
      await world.startApp();
      for (const delivery of github.deliveries.slice(before)) await world.redeliver(delivery);
    }
    compare(model, real);
  }

  toString(): string {
    return `${this.name} (${this.#fate})`;
  }
}

async function pass(minutes: number, model: StopModel, world: World): Promise<void> {
  await world.pass(minutes * 60_000);
  model.pass(minutes);
}

class Stops extends Step {
  readonly name: string;
  readonly #stop: Stop;

  constructor(stop: Stop, fate: Fate) {
    super(fate);
    this.#stop = stop;
    const { scope, isNow, isSecurity, minutes } = stop;
    const words = [scope === "*" ? "" : scope, isNow ? "--now" : "", isSecurity ? "--security" : ""];
    const until = minutes === null ? "" : `--until ${minutes / 60}h`;
    this.name = `${stop.by}: ${["/batch stop", ...words, until].filter(Boolean).join(" ")}`;
  }

  // Given anew, a security hold is another one to whoever was asked to approve its end.
  check(model: Readonly<StopModel>): boolean {
    return !this.#stop.isSecurity || !model.hasSecurity;
  }

  async happen(model: StopModel, world: World): Promise<void> {
    await world.comment(this.#stop.by, this.name.slice(this.name.indexOf("/")));
    model.stop(this.#stop);
  }
}

class Resumes extends Step {
  readonly name: string;
  readonly #by: string;
  readonly #scope: Scope;

  constructor(by: string, scope: Scope, fate: Fate) {
    super(fate);
    this.name = `${by}: resume ${scope}`;
    this.#by = by;
    this.#scope = scope;
  }

  check(model: Readonly<StopModel>): boolean {
    return model.isHeld(this.#scope);
  }

  async happen(model: StopModel, world: World): Promise<void> {
    await world.comment(this.#by, `/batch resume${this.#scope === "*" ? "" : ` ${this.#scope}`}`);
    model.resume(this.#by, this.#scope);
  }
}

class Approves extends Step {
  readonly name: string;
  readonly #by: string;

  constructor(by: string, fate: Fate) {
    super(fate);
    this.name = `${by}: approve`;
    this.#by = by;
  }

  check(model: Readonly<StopModel>): boolean {
    return model.isAsked;
  }

  async happen(model: StopModel, world: World): Promise<void> {
    await world.comment(this.#by, "/batch approve");
    model.approve(this.#by);
  }
}

class EditsByHand extends Step {
  readonly name: string;
  readonly #scope: Scope;
  readonly #isStop: boolean;

  constructor(scope: Scope, isStop: boolean, fate: Fate) {
    super(fate);
    this.name = `paul: ${isStop ? "stop" : "lift"} ${scope} by hand`;
    this.#scope = scope;
    this.#isStop = isStop;
  }

  check(model: Readonly<StopModel>): boolean {
    return model.isHeld(this.#scope) !== this.#isStop;
  }

  async happen(model: StopModel, world: World): Promise<void> {
    const others = world.control().disabled_ecosystems.filter((name) => name !== this.#scope);
    const list = this.#isStop ? [...others, this.#scope] : others;
    const change = this.#scope === "*" ? { enabled: !this.#isStop } : { disabled_ecosystems: list };
    await world.editControl("paul", change);
    if (this.#isStop) model.stopByHand("paul", this.#scope);
    else model.lift(this.#scope);
  }
}

class Passes implements fc.AsyncCommand<StopModel, Real> {
  readonly #minutes: number;

  constructor(minutes: number) {
    this.#minutes = minutes;
  }

  check(): boolean {
    return true;
  }

  async run(model: StopModel, real: Real): Promise<void> {
    await pass(this.#minutes, model, real.world);
    compare(model, real);
  }

  toString(): string {
    return `${this.#minutes} minutes pass`;
  }
}

/** GitHub delivers something again that happened long ago, perhaps to a process that knows nothing. */
class DeliversAgain implements fc.AsyncCommand<StopModel, Real> {
  readonly #ago: number;
  readonly #isForgotten: boolean;

  constructor(ago: number, isForgotten: boolean) {
    this.#ago = ago;
    this.#isForgotten = isForgotten;
  }

  check(): boolean {
    return true;
  }

  async run(model: StopModel, real: Real): Promise<void> {
    const { world } = real;
    if (this.#isForgotten) await world.startApp();
    const told = world.github.deliveries.filter(({ event }) => event === "issue_comment" || event === "push");
    const delivery = told.at(-(this.#ago % told.length) - 1);
    if (delivery !== undefined) await world.redeliver(delivery);
    compare(model, real);
  }

  toString(): string {
    return `what was told ${this.#ago} deliveries ago is delivered again${this.#isForgotten ? ", to a new process" : ""}`;
  }
}

const scope = fc.constantFrom(...SCOPES);
const person = fc.constantFrom("olga", "oscar");
const fate = fc.constantFrom(...FATES);

const stop: fc.Arbitrary<Stop> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      by: person,
      scope,
      isNow: fc.boolean(),
      isSecurity: fc.constant(false),
      minutes: fc.constantFrom(null, 120),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constant({ by: "olga", scope: "npm", isNow: false, isSecurity: true, minutes: null } as const),
  },
);

/** Any sequence of stops, resumes, approvals, hand edits, time and deliveries. */
export const sequences = fc.commands<StopModel, Real, false>(
  [
    fc.tuple(stop, fate).map(([wanted, its]) => new Stops(wanted, its)),
    fc.tuple(stop, fate).map(([wanted, its]) => new Stops(wanted, its)),
    fc.tuple(person, scope, fate).map(([by, named, its]) => new Resumes(by, named, its)),
    fc.tuple(person, fate).map(([by, its]) => new Approves(by, its)),
    fc.tuple(scope, fc.boolean(), fate).map(([named, isStop, its]) => new EditsByHand(named, isStop, its)),
    fc.constantFrom(90, 25 * 60).map((minutes) => new Passes(minutes)),
    fc.tuple(fc.nat({ max: 20 }), fc.boolean()).map(([ago, isForgotten]) => new DeliversAgain(ago, isForgotten)),
  ],
  { maxCommands: LONGEST, size: "max" },
);
