import { setTimeout as delay } from "node:timers/promises";
import type { LocalGitHub } from "../../test/github/local-github.ts";
import { chance, shuffled } from "../chance.ts";
import type { Fleet } from "../fleet.ts";
import type { Publisher } from "../publisher.ts";
import type { Place } from "../story/place.ts";
import { anotherWriter } from "./another-writer.ts";
import { callPolicy } from "./calls.ts";
import { deaf, deliveryPolicy } from "./deliveries.ts";
import { downloadPolicy } from "./downloads.ts";

/** For each repository of the story. */
const MOST_CRASHES = 2;
const BETWEEN_RELEASES = 700;
const BETWEEN_CRASHES = { shortest: 1500, longest: 6000 };

/** What is disturbed. */
interface Disturbed {
  readonly seed: number;
  readonly github: LocalGitHub;
  readonly publisher: Publisher;
  readonly fleet: Fleet;
  readonly places: readonly Place[];
  readonly note: (what: string) => void;
}

/**
 * Everything that goes wrong while a story is played: calls, deliveries, crashes, revoked tokens, other writers. All of it
 * is drawn from the seed by name; only when a thing happens among the others depends on the machine.
 */
export class Disturbance implements AsyncDisposable {
  readonly #world: Disturbed;
  readonly #crashes = new Set<Promise<void>>();
  /** Why a process could not be started again. */
  readonly #failures: unknown[] = [];
  readonly #over = new AbortController();
  #work: Promise<unknown> = Promise.resolve();

  constructor(world: Disturbed) {
    this.#world = world;
  }

  begin(): void {
    const { seed, github, publisher, fleet, places, note } = this.#world;
    const crash = () => this.#crash(Math.floor(chance(seed, "who crashes", fleet.kills) * fleet.size));
    const deliveryFate = deaf(deliveryPolicy(seed));
    github.onDelivery((delivery) => {
      fleet.turn();
      return deliveryFate(delivery);
    });
    github.onCall(
      callPolicy(seed, {
        anotherWriter: (repository) => {
          const place = places.find((candidate) => candidate.repository === repository);
          if (place !== undefined) anotherWriter(place);
        },
        crash,
        note,
      }),
    );
    publisher.onAsked(downloadPolicy(seed, { crash, note }));
    this.#work = Promise.all([this.#crashNowAndThen(), this.#releaseNowAndThen(), this.#revokeTokensOnce()]);
  }

  /**
   * Heals: nothing goes wrong from now on, and what was held back is delivered. Resolves when all processes run.
   * @throws when one could not be started again.
   */
  async end(): Promise<void> {
    await this[Symbol.asyncDispose]();
    if (this.#failures.length > 0) throw this.#failures[0];
    this.#world.github.release();
  }

  /** Nothing goes wrong from now on, and no process is being started any more, which nobody would end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { github, publisher, fleet } = this.#world;
    this.#over.abort();
    await this.#work;
    github.onCall(() => null);
    publisher.onAsked(async () => {});
    github.onDelivery(
      deaf(() => {
        fleet.turn();
        return "send";
      }),
    );
    while (this.#crashes.size > 0) await Promise.all(this.#crashes);
  }

  #crash(index: number): void {
    const { fleet, places, note } = this.#world;
    if (fleet.kills >= MOST_CRASHES * places.length || !fleet.isRunning(index)) return;
    note(`process ${index + 1} is killed`);
    const crash = fleet
      .crash(index)
      .catch((error: unknown) => void this.#failures.push(error))
      .finally(() => this.#crashes.delete(crash));
    this.#crashes.add(crash);
  }

  async #crashNowAndThen(): Promise<void> {
    const { seed, fleet } = this.#world;
    const { shortest, longest } = BETWEEN_CRASHES;
    for (let nth = 1; await this.#pause(shortest + (longest - shortest) * chance(seed, "crash after", nth)); nth += 1)
      this.#crash(Math.floor(chance(seed, "who", nth) * fleet.size));
  }

  async #releaseNowAndThen(): Promise<void> {
    const { seed, github } = this.#world;
    for (let nth = 1; await this.#pause(BETWEEN_RELEASES); nth += 1)
      github.release((held) => shuffled(held, seed, "release", nth));
  }

  async #revokeTokensOnce(): Promise<void> {
    const { seed, github, note } = this.#world;
    if (!(await this.#pause(6000 * chance(seed, "revoke after")))) return;
    note("all tokens are revoked");
    github.revokeTokens();
  }

  /** @returns false when the disturbance is over. */
  #pause(milliseconds: number): Promise<boolean> {
    return delay(milliseconds, true, { signal: this.#over.signal }).catch(() => false);
  }
}
