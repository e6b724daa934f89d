import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Delivery, Handled, Inbox, LaneHandler, Waiting } from "../../src/inbox/inbox.ts";
import { type TurnableClock, turnableClock } from "../turnable-clock.ts";

/** A place where an inbox is kept, empty at first: opened again, it has what was left in it. */
export interface Place {
  open(clock: TurnableClock): Promise<Inbox>;
  remove(): Promise<void>;
}

const MINUTE = 60_000;
const LANE = "acme/recipes";

export function delivery(id: string, fields: Partial<Delivery> = {}): Delivery {
  return { id, event: "push", lane: LANE, body: JSON.stringify({ id }), urgent: false, ...fields };
}

/** All that was given is done. */
export function allDone(waiting: readonly Waiting[], rest: Partial<Handled> = {}): Handled {
  return { done: waiting.map(({ id }) => id), retry: [], later: [], dead: [], pauseUntil: null, ...rest };
}

function idsOf(waiting: readonly Waiting[]): string[] {
  return waiting.map(({ id }) => id);
}

/** What every engine promises: the same suite for all. */
export function itKeepsThePromisesOfAnInbox(makePlace: () => Promise<Place>): void {
  let place: Place;
  let clock: TurnableClock;
  let inbox: Inbox;
  /** What was handed out, take by take. */
  let takes: { lane: string; ids: string[]; waiting: readonly Waiting[] }[];

  beforeEach(async () => {
    place = await makePlace();
    clock = turnableClock();
    inbox = await place.open(clock);
    takes = [];
  });

  afterEach(async () => {
    await inbox.close();
    await place.remove();
  });

  const recording =
    (work: LaneHandler = async (_lane, waiting) => allDone(waiting)): LaneHandler =>
    async (lane, waiting) => {
      takes.push({ lane, ids: idsOf(waiting), waiting });
      return work(lane, waiting);
    };

  /** As a process that ended in any way and is started again. */
  const reopen = async (handle?: LaneHandler) => {
    await inbox.close();
    inbox = await place.open(clock);
    if (handle !== undefined) await inbox.start(handle);
  };

  const turn = async (milliseconds: number) => {
    clock.turn(milliseconds);
    await settled();
  };

  /** Until nothing is handled and nothing more is handed out. */
  const settled = async () => {
    for (let before = -1; before !== takes.length; ) {
      before = takes.length;
      await inbox.idle();
      await delay(20);
    }
  };

  describe("what is accepted", () => {
    test("is handed out as it came", async () => {
      await inbox.start(recording());
      const sent = delivery("a", {
        event: "issue_comment",
        urgent: true,
        trace: "00-a-b-01",
        body: '{"text":"naïve ✓ \\u0000"}',
      });
      await inbox.accept([sent]);
      await settled();
      expect(takes[0]?.waiting).toMatchObject([{ ...sent, attempts: 0 }]);
    });

    test("is handed out although the process ended before it began to", async () => {
      await inbox.accept([delivery("a"), delivery("b")]);
      await reopen(recording());
      await settled();
      expect(takes.flatMap(({ ids }) => ids)).toEqual(["a", "b"]);
    });

    test("is handed out once, however often it comes, even after it was handled and in another process", async () => {
      await inbox.start(recording());
      await Promise.all([inbox.accept([delivery("a"), delivery("a")]), inbox.accept([delivery("a")])]);
      await settled();
      await inbox.accept([delivery("a")]);
      await settled();
      await reopen(recording());
      await inbox.accept([delivery("a")]);
      await settled();
      expect(takes.flatMap(({ ids }) => ids)).toEqual(["a"]);
    });

    test("is counted while it waits", async () => {
      await inbox.accept([delivery("a"), delivery("b", { lane: "other/one" })]);
      const acceptedAt = clock.now();
      const { waiting, oldest, dead } = await inbox.state();
      expect({ waiting, dead }).toEqual({ waiting: 2, dead: 0 });
      expect(Math.abs((oldest ?? 0) - acceptedAt)).toBeLessThan(MINUTE);
      await inbox.start(recording());
      await settled();
      expect(await inbox.state()).toEqual({ waiting: 0, oldest: null, dead: 0 });
    });
  });

  test("tells whether an event of a name waits for a lane, until it is handled", async () => {
    const held = async () => [await inbox.holds(LANE, "issues"), await inbox.holds("other/one", "issues")];
    const at = clock.now() + MINUTE;
    await inbox.accept([delivery("a", { event: "issues" }), delivery("b", { lane: "other/one" })]);
    await inbox.start(
      recording(async (_lane, waiting) =>
        takes.length > 2
          ? allDone(waiting)
          : allDone([], { later: waiting.map(({ id }) => ({ id, at, reason: "no!" })) }),
      ),
    );
    await settled();
    expect(await held()).toEqual([true, false]);
    clock.turn(MINUTE);
    await until(() => takes.length === 4);
    await settled();
    expect(await held()).toEqual([false, false]);
  });

  describe("a lane", () => {
    test("is handed out all at once, urgent first, then in the order of arrival", async () => {
      await inbox.accept([delivery("a"), delivery("b")]);
      await inbox.accept([delivery("c", { urgent: true })]);
      await inbox.accept([delivery("d")]);
      await inbox.start(recording());
      await settled();
      expect(takes.map(({ ids }) => ids)).toEqual([["c", "a", "b", "d"]]);
    });

    test("has one handler at a time, which then gets what came meanwhile", async () => {
      let busy = 0;
      let busiest = 0;
      const rest = Promise.withResolvers<void>();
      await inbox.start(
        recording(async (_lane, waiting) => {
          busiest = Math.max(busiest, ++busy);
          await (waiting[0]?.id === "a" ? rest.promise : delay(5));
          busy -= 1;
          return allDone(waiting);
        }),
      );
      await inbox.accept([delivery("a")]);
      await until(() => takes.length === 1);
      for (const id of ["b", "c", "d"]) await inbox.accept([delivery(id)]);
      rest.resolve();
      await settled();
      expect(busiest).toBe(1);
      expect(takes.map(({ ids }) => ids)).toEqual([["a"], ["b", "c", "d"]]);
    });

    test("does not wait for another", async () => {
      let release = () => {};
      const blocked = new Promise<void>((resolve) => {
        release = resolve;
      });
      await inbox.start(
        recording(async (lane, waiting) => {
          if (lane === "slow/one") await blocked;
          return allDone(waiting);
        }),
      );
      await inbox.accept([delivery("a", { lane: "slow/one" })]);
      await inbox.accept([delivery("b", { lane: "quick/one" })]);
      await until(() => takes.some(({ lane }) => lane === "quick/one"));
      release();
      await settled();
      expect(await inbox.state()).toMatchObject({ waiting: 0 });
    });

    test("keeps what its handler does not name", async () => {
      await inbox.accept([delivery("a"), delivery("b"), delivery("c")]);
      await inbox.start(recording(async (_lane, [first]) => allDone(first === undefined ? [] : [first])));
      await settled();
      expect(takes.map(({ ids }) => ids)).toEqual([["a", "b", "c"], ["b", "c"], ["c"]]);
    });
  });

  describe("what is put off", () => {
    test("is handed out at its time with what came meanwhile, as if it had not been seen", async () => {
      const at = clock.now() + 10 * MINUTE;
      await inbox.start(
        recording(async (_lane, waiting) => {
          const urgent = waiting.filter((item) => item.urgent);
          const others = waiting.filter((item) => !item.urgent);
          if (clock.now() >= at) return allDone(waiting);
          return allDone(urgent, { later: others.map(({ id }) => ({ id, at })) });
        }),
      );
      await inbox.accept([delivery("a"), delivery("b", { urgent: true })]);
      await settled();
      await inbox.accept([delivery("c")]);
      await settled();
      await turn(9 * MINUTE);
      expect(takes.map(({ ids }) => ids)).toEqual([["b", "a"], ["c"]]);
      await turn(2 * MINUTE);
      expect(takes.slice(2).map(({ waiting }) => waiting)).toMatchObject([
        [
          { id: "a", attempts: 0 },
          { id: "c", attempts: 0 },
        ],
      ]);
    });
  });

  describe("what fails", () => {
    test("is handed out again at its time and not before, and what comes meanwhile does not wait", async () => {
      const at = clock.now() + 10 * MINUTE;
      await inbox.start(
        recording(async (_lane, waiting) => {
          const bad = waiting.filter(({ id, attempts }) => id === "bad" && attempts === 0);
          const good = waiting.filter((item) => !bad.includes(item));
          return allDone(good, { retry: bad.map(({ id }) => ({ id, at, reason: "GitHub is away" })) });
        }),
      );
      await inbox.accept([delivery("bad"), delivery("good")]);
      await settled();
      await inbox.accept([delivery("later")]);
      await settled();
      await turn(9 * MINUTE);
      expect(takes.map(({ ids }) => ids)).toEqual([["bad", "good"], ["later"]]);
      await turn(2 * MINUTE);
      expect(takes.slice(2).map(({ waiting }) => waiting)).toMatchObject([[{ id: "bad", attempts: 1 }]]);
    });

    test("is handed out again at its time although the process ended meanwhile", async () => {
      const retry = { id: "a", at: clock.now() + 10 * MINUTE, reason: "GitHub is away" };
      await inbox.start(async () => allDone([], { retry: [retry] }));
      await inbox.accept([delivery("a")]);
      await settled();
      await reopen(recording());
      await settled();
      expect(takes).toEqual([]);
      await turn(11 * MINUTE);
      expect(takes.map(({ ids }) => ids)).toEqual([["a"]]);
    });

    test("lets its whole lane rest when it asks for that, whatever comes, and no other", async () => {
      let pauseUntil: number | null = clock.now() + 10 * MINUTE;
      await inbox.start(
        recording(async (lane, waiting) => {
          const handled = lane === LANE && pauseUntil !== null ? allDone([], { pauseUntil }) : allDone(waiting);
          if (lane === LANE) pauseUntil = null;
          return handled;
        }),
      );
      await inbox.accept([delivery("a")]);
      await settled();
      await inbox.accept([delivery("b", { urgent: true }), delivery("c", { lane: "other/one" })]);
      await settled();
      await turn(9 * MINUTE);
      expect(takes.map(({ ids }) => ids)).toEqual([["a"], ["c"]]);
      await turn(2 * MINUTE);
      expect(takes.slice(2).map(({ ids }) => ids)).toEqual([["b", "a"]]);
      expect(takes[2]?.waiting.map(({ attempts }) => attempts)).toEqual([0, 0]);
    });

    test("is a dead letter once it is given up: listed, not handed out again, not taken anew", async () => {
      await inbox.start(
        recording(async (_lane, [item]) => allDone([], { dead: [{ id: item?.id ?? "", reason: "no!" }] })),
      );
      await inbox.accept([delivery("a"), delivery("b", { lane: "other/one" })]);
      await settled();
      await inbox.accept([delivery("a")]);
      await settled();
      expect(takes.flatMap(({ ids }) => ids).sort()).toEqual(["a", "b"]);
      expect(await inbox.state()).toMatchObject({ waiting: 0, dead: 2 });
      expect(await inbox.deadLetters({ lane: LANE, most: 10 })).toMatchObject([
        { id: "a", event: "push", lane: LANE, reason: "no!", attempts: 1 },
      ]);
      expect((await inbox.deadLetters({ most: 1 })).length).toBe(1);
    });

    test("is handled like new once a dead letter is put back", async () => {
      let isMended = false;
      await inbox.start(
        recording(async (_lane, waiting) =>
          isMended ? allDone(waiting) : allDone([], { dead: waiting.map(({ id }) => ({ id, reason: "no!" })) }),
        ),
      );
      await inbox.accept([delivery("a", { body: '{"n":1}' }), delivery("b")]);
      await settled();
      isMended = true;
      expect(await inbox.redrive(["a", "unknown"])).toBe(1);
      await settled();
      expect(takes.at(-1)?.waiting).toMatchObject([{ event: "push", lane: LANE, body: '{"n":1}', attempts: 0 }]);
      expect(await inbox.redrive("all")).toBe(1);
      await settled();
      expect(await inbox.state()).toEqual({ waiting: 0, oldest: null, dead: 0 });
      expect(await inbox.deadLetters({ most: 10 })).toEqual([]);
    });

    test("as a whole, although handlers are not meant to, lets the lane rest and loses nothing", async () => {
      let isBroken = true;
      await inbox.start(
        recording(async (_lane, waiting) => {
          if (isBroken) throw new Error("a fault of the program");
          return allDone(waiting);
        }),
      );
      await inbox.accept([delivery("a")]);
      await settled();
      isBroken = false;
      await turn(MINUTE);
      expect(takes.map(({ ids }) => ids)).toEqual([["a"], ["a"]]);
    });
  });

  describe("a timer", () => {
    const timer = (key: string, at: number) => ({ key, lane: LANE, event: "timer.test", body: `{"key":"${key}"}`, at });

    test("becomes a delivery of its lane when it is due, once", async () => {
      await inbox.start(recording());
      await inbox.schedule([timer("t", clock.now() + 10 * MINUTE)]);
      await turn(9 * MINUTE);
      expect(takes).toEqual([]);
      await turn(2 * MINUTE);
      await turn(60 * MINUTE);
      expect(takes.flatMap(({ waiting }) => waiting)).toMatchObject([
        { event: "timer.test", lane: LANE, body: '{"key":"t"}', urgent: false },
      ]);
    });

    test("moves when it is set again, and stays when it is only to be there", async () => {
      await inbox.start(recording());
      const now = clock.now();
      await inbox.schedule([timer("moved", now + 10 * MINUTE), timer("kept", now + 10 * MINUTE)]);
      await inbox.schedule([timer("moved", now + 30 * MINUTE)]);
      await inbox.schedule([timer("kept", now + 30 * MINUTE)], "keep");
      await turn(11 * MINUTE);
      expect(takes.flatMap(({ waiting }) => waiting.map(({ body }) => body))).toEqual(['{"key":"kept"}']);
      await turn(20 * MINUTE);
      expect(takes.flatMap(({ waiting }) => waiting.map(({ body }) => body)).at(-1)).toBe('{"key":"moved"}');
    });

    test("that is cancelled never comes", async () => {
      await inbox.start(recording());
      await inbox.schedule([timer("t", clock.now() + MINUTE)]);
      await inbox.cancel("t");
      await inbox.cancel("unknown");
      await turn(10 * MINUTE);
      expect(takes).toEqual([]);
    });

    test("survives the process, and comes late when it was due meanwhile", async () => {
      await inbox.schedule([timer("t", clock.now() + 10 * MINUTE)]);
      await inbox.close();
      clock.turn(20 * MINUTE);
      inbox = await place.open(clock);
      await inbox.start(recording());
      await settled();
      expect(takes.flatMap(({ waiting }) => waiting.map(({ body }) => body))).toEqual(['{"key":"t"}']);
    });

    test("may be set for its own next time by whoever handles it", async () => {
      const start = clock.now();
      await inbox.start(
        recording(async (_lane, waiting) => {
          await inbox.schedule([timer("t", start + (takes.length + 1) * 10 * MINUTE)]);
          return allDone(waiting);
        }),
      );
      await inbox.schedule([timer("t", start + 10 * MINUTE)]);
      await turn(11 * MINUTE);
      await turn(10 * MINUTE);
      await turn(10 * MINUTE);
      expect(takes.length).toBe(3);
    });
  });

  describe("closing", () => {
    test("waits for what is in hand and leaves the rest to the next process", async () => {
      await inbox.start(
        recording(async (_lane, waiting) => {
          await delay(50);
          return allDone(waiting);
        }),
      );
      await inbox.accept([delivery("a")]);
      await until(() => takes.length === 1);
      const rest = inbox.accept([delivery("b")]);
      await Promise.all([rest, inbox.close()]);
      expect(takes.map(({ ids }) => ids)).toEqual([["a"]]);
      await expect(inbox.accept([delivery("c")])).rejects.toMatchObject({ name: "InboxUnavailable" });
      expect(inbox.isOpen()).toBe(false);
      inbox = await place.open(clock);
      await inbox.start(recording());
      await settled();
      expect(takes.slice(1).flatMap(({ ids }) => ids)).toEqual(["b"]);
    });
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!isTrue() && Date.now() < deadline) await delay(2);
  expect(isTrue()).toBe(true);
}
