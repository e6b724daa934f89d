import { describe, expect, test } from "vitest";
import { sendOnce } from "../../src/github/send-once.ts";

/** A failure as Octokit throws it; without a status there was no answer. */
function failure(status?: number): Error {
  const response = status === undefined ? {} : { response: { headers: {} } };
  return Object.assign(new Error(`GitHub said ${status}`), { name: "HttpError", status: status ?? 500, ...response });
}

/** A server that does what it is told, and a client that can look for the effect. */
function server(...answers: { readonly takesEffect: boolean; readonly error?: Error }[]) {
  let effects = 0;
  let calls = 0;
  return {
    send: async () => {
      const answer = answers[calls++] ?? { takesEffect: true };
      if (answer.takesEffect) effects += 1;
      if (answer.error !== undefined) throw answer.error;
      return "sent";
    },
    find: async () => (effects > 0 ? "found" : null),
    effects: () => effects,
    calls: () => calls,
  };
}

describe("a write that must have its effect once", () => {
  test("is sent once when it is answered", async () => {
    const github = server();
    expect(await sendOnce(github.send, github.find)).toBe("sent");
    expect(github.calls()).toBe(1);
  });

  test.each([
    ["502", failure(502)],
    ["no answer", failure()],
  ])("is not sent again when it had its effect and the answer was %s", async (_what, error) => {
    const github = server({ takesEffect: true, error });
    expect(await sendOnce(github.send, github.find)).toBe("found");
    expect(github.effects()).toBe(1);
  });

  test("is sent again when the lost call had no effect", async () => {
    const github = server({ takesEffect: false, error: failure(500) }, { takesEffect: false, error: failure() });
    expect(await sendOnce(github.send, github.find)).toBe("sent");
    expect(github.effects()).toBe(1);
  });

  test("fails with the last failure after three attempts without effect", async () => {
    const lost = { takesEffect: false, error: failure(503) };
    const github = server(lost, lost, lost, lost);
    await expect(sendOnce(github.send, github.find)).rejects.toThrow("GitHub said 503");
    expect(github.calls()).toBe(3);
  });

  test("is not sent again when GitHub refused it", async () => {
    const github = server({ takesEffect: false, error: failure(422) });
    await expect(sendOnce(github.send, github.find)).rejects.toThrow("GitHub said 422");
    expect(github.calls()).toBe(1);
  });
});
