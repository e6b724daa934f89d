import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HOUR, MINUTE } from "../../src/domain/instant.ts";
import { type Urgency, WriteLanes } from "../../src/github/pacing.ts";

/** Lanes, and the order in which writes got through them. */
function lanes() {
  const lane = new WriteLanes();
  const sent: Urgency[] = [];
  const write = (urgency: Urgency) =>
    lane.run(urgency, async () => {
      sent.push(urgency);
    });
  return { sent, write };
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
    for (let n = 0; n < 200; n++) void write("command");
    await vi.advanceTimersByTimeAsync(MINUTE - 1);
    expect(sent).toHaveLength(80);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(sent).toHaveLength(160);
  });

  test("are never more than 500 an hour", async () => {
    const { sent, write } = lanes();
    for (let n = 0; n < 600; n++) void write("command");
    await vi.advanceTimersByTimeAsync(HOUR - 1);
    expect(sent).toHaveLength(500);
  });

  test("leave room for a stop however much housekeeping there is", async () => {
    const { sent, write } = lanes();
    for (let n = 0; n < 500; n++) void write("housekeeping");
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toHaveLength(60);
    void write("safety");
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.at(-1)).toBe("safety");
  });

  test("let a stop overtake commands that wait", async () => {
    const { sent, write } = lanes();
    for (let n = 0; n < 100; n++) void write("command");
    await vi.advanceTimersByTimeAsync(1000);
    void write("safety");
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(sent[80]).toBe("safety");
  });
});
