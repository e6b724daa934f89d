import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HOUR, MINUTE } from "../../src/domain/instant.ts";
import { type Urgency, WRITE_LIMITS, WriteLanes } from "../../src/github/pacing.ts";

/** Lanes, and the order in which writes got through them. */
function lanes() {
  const lane = new WriteLanes(WRITE_LIMITS);
  const sent: Urgency[] = [];
  const write = (urgency: Urgency) =>
    lane.run(urgency, async () => {
      sent.push(urgency);
    });
  /** What is refused comes back for as long as it takes, as the inbox makes it. */
  const insist = (urgency: Urgency): Promise<void> =>
    write(urgency).catch(({ until }) => delay(until - Date.now()).then(() => insist(urgency)));
  return { sent, write, insist };
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

describe("the writes of an installation", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("are sent at once while GitHub allows it", async () => {
    const { sent, write } = lanes();
    for (let n = 0; n < 20; n++) void write("command");
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(20);
  });

  test("are never more than 80 a minute", async () => {
    const { sent, write } = lanes();
    for (let n = 0; n < 200; n++) void write("safety");
    await vi.advanceTimersByTimeAsync(MINUTE - 1);
    expect(sent).toHaveLength(80);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(sent).toHaveLength(160);
  });

  test("are never more than 500 an hour", async () => {
    const { sent, write } = lanes();
    for (let n = 0; n < 600; n++) void write("safety");
    await vi.advanceTimersByTimeAsync(HOUR - 1);
    expect(sent).toHaveLength(500);
  });

  test("leave room for a stop however much housekeeping there is", async () => {
    const { sent, write, insist } = lanes();
    for (let n = 0; n < 500; n++) void insist("housekeeping");
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toHaveLength(60);
    void write("safety");
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.at(-1)).toBe("safety");
  });

  test.each([
    ["minute", 1000, 70, ["command", "housekeeping"] as const],
    ["hour", HOUR - 1, 437, ["command"] as const],
  ] as const)("leave room for a stop however much is asked in a %s", async (_period, time, most, kinds) => {
    const { sent, write, insist } = lanes();
    for (let n = 0; n < 600; n++) void insist(kinds[n % kinds.length] ?? "command");
    await vi.advanceTimersByTimeAsync(time);
    expect(sent).toHaveLength(most);
    for (let n = 0; n < 9; n++) void write("safety");
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.slice(most)).toEqual(Array(9).fill("safety"));
  });

  test("let a stop overtake commands that wait", async () => {
    const { sent, write } = lanes();
    for (let n = 0; n < 80; n++) void write("safety");
    const waiting = Array.from({ length: 20 }, () => write("command").catch(() => {}));
    await vi.advanceTimersByTimeAsync(1000);
    void write("safety");
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(sent[80]).toBe("safety");
    await Promise.all(waiting);
  });

  test.for([
    ["housekeeping", 60, 5000],
    ["command", 70, 2000],
  ] as const)(
    "that are %s are told to come back when they would have to wait long",
    async ([urgency, most, patience]) => {
      const { write } = lanes();
      for (let n = 0; n < most; n++) await write(urgency);
      const refused = expect(write(urgency)).rejects.toMatchObject({ name: "WritesSpent" });
      await vi.advanceTimersByTimeAsync(patience);
      await refused;
    },
  );

  test("that are a courtesy are sent at once", async () => {
    const { sent, write } = lanes();
    await write("courtesy");
    expect(sent).toEqual(["courtesy"]);
  });

  test("that are a courtesy are left out when they would have to wait, and take no room then", async () => {
    const { sent, write } = lanes();
    for (let n = 0; n < 70; n++) void write("command");
    for (let n = 0; n < 100; n++) await expect(write("courtesy")).rejects.toThrow("write limit is used up");
    await vi.advanceTimersByTimeAsync(MINUTE);
    for (let n = 0; n < 70; n++) void write("command");
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(140);
    expect(sent).not.toContain("courtesy");
  });
});
