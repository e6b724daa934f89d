import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type Delivery, InboxFull } from "../../src/inbox/inbox.ts";
import { MemoryInbox } from "../../src/inbox/memory-inbox.ts";

function delivery(id: string, lane = "acme/recipes"): Delivery {
  return { id, event: "push", payload: {}, lane };
}

/** A handler that tells when each delivery begins and ends. */
function recorder(work: (delivery: Delivery) => Promise<void> = () => delay(1)) {
  const seen: string[] = [];
  const handle = async (taken: Delivery) => {
    seen.push(`begin ${taken.id}`);
    await work(taken);
    seen.push(`end ${taken.id}`);
  };
  return { seen, handle };
}

describe("the inbox in memory", () => {
  test("handles the deliveries of one repository in order, one at a time", async () => {
    const { seen, handle } = recorder(({ id }) => delay(id === "a" ? 5 : 0));
    const inbox = new MemoryInbox(handle);
    await Promise.all(["a", "b", "c"].map((id) => inbox.accept(delivery(id))));
    expect(seen).toEqual(["begin a", "end a", "begin b", "end b", "begin c", "end c"]);
  });

  test("handles different repositories at the same time", async () => {
    const { seen, handle } = recorder();
    const inbox = new MemoryInbox(handle);
    await Promise.all([inbox.accept(delivery("a", "one/one")), inbox.accept(delivery("b", "two/two"))]);
    expect(seen.slice(0, 2)).toEqual(["begin a", "begin b"]);
  });

  test("is not done with a delivery before it is handled", async () => {
    const { seen, handle } = recorder();
    await new MemoryInbox(handle).accept(delivery("a"));
    expect(seen).toContain("end a");
  });

  test("handles a delivery once, however often and whenever it comes", async () => {
    const { seen, handle } = recorder();
    const inbox = new MemoryInbox(handle);
    await Promise.all([inbox.accept(delivery("a")), inbox.accept(delivery("a"))]);
    await inbox.accept(delivery("a"));
    expect(seen).toEqual(["begin a", "end a"]);
  });

  test("handles a delivery again whose handling failed, and does not hold up the next", async () => {
    let failures = 1;
    const { seen, handle } = recorder(async ({ id }) => {
      if (id === "a" && failures-- > 0) throw new Error("GitHub is away");
    });
    const inbox = new MemoryInbox(handle);
    const first = inbox.accept(delivery("a"));
    const second = inbox.accept(delivery("b"));
    await expect(first).rejects.toThrow("GitHub is away");
    await second;
    await inbox.accept(delivery("a"));
    expect(seen).toEqual(["begin a", "begin b", "end b", "begin a", "end a"]);
  });

  test("takes no more than a thousand waiting deliveries of one repository", async () => {
    let release = () => {};
    const blocked = new Promise<void>((resolve) => {
      release = resolve;
    });
    const inbox = new MemoryInbox(() => blocked);
    const taken = Array.from({ length: 1001 }, (_, n) => inbox.accept(delivery(`d${n}`)));
    await expect(inbox.accept(delivery("one too many"))).rejects.toThrow(InboxFull);
    const other = inbox.accept(delivery("elsewhere", "two/two"));
    release();
    await Promise.all([...taken, other]);
  });

  test("finishes what is in hand when it closes, and takes nothing more", async () => {
    const { seen, handle } = recorder(() => delay(5));
    const inbox = new MemoryInbox(handle);
    const inHand = inbox.accept(delivery("a"));
    await inbox.close();
    expect(seen).toEqual(["begin a", "end a"]);
    expect(inbox.isOpen()).toBe(false);
    await expect(inbox.accept(delivery("b"))).rejects.toThrow(InboxFull);
    await inHand;
  });
});
