import { expect, test } from "vitest";
import { deaf, deliveryPolicy } from "../../../chaos/disturbance/deliveries.ts";
import { UNHEARD } from "../../../chaos/story/happening.ts";
import { printBox } from "../../../src/dashboard/box.ts";
import type { Delivery } from "../../github/delivery.ts";

function delivery(repositoryId: number, event: string, payload: object = {}): Delivery {
  return {
    id: 1,
    guid: "g",
    event,
    action: "completed",
    deliveredAt: "",
    redelivery: false,
    installationId: 1,
    repositoryId,
    body: JSON.stringify(payload),
    status: "pending",
    statusCode: 0,
    durationSeconds: 0,
    responseBody: "",
  };
}

test("what becomes of a delivery does not depend on what happens in other repositories meanwhile", () => {
  const alone = deliveryPolicy(3);
  const expected = Array.from({ length: 30 }, () => alone(delivery(1, "push")));
  const among = deliveryPolicy(3);
  const found = Array.from({ length: 30 }, () => {
    among(delivery(2, "push"));
    among(delivery(1, "workflow_run"));
    return among(delivery(1, "push"));
  });
  expect(found).toEqual(expected);
});

test("deliveries are sent, dropped, failed, doubled, held and late", () => {
  const policy = deliveryPolicy(1);
  const fates = Array.from({ length: 200 }, () => policy(delivery(1, "push")));
  const kinds = new Set(fates.map((fate) => (typeof fate === "string" ? fate : "late")));
  expect([...kinds].toSorted()).toEqual(["double", "drop", "fail", "hold", "late", "send"]);
});

const box = printBox({ verb: "stop", scope: "*" });
const edit = (after: string) => ({ issue: { body: after }, changes: { body: { from: box } } });

test("a tick is never dropped without an entry in the log, another edit is", () => {
  const fates = (after: string) => {
    const policy = deliveryPolicy(1);
    return Array.from({ length: 200 }, () => policy(delivery(1, "issues", edit(after))));
  };
  expect(fates(box.replace("[ ]", "[x]"))).not.toContain("drop");
  expect(fates(`${box}\n\nAll is well.`)).toContain("drop");
});

test("nobody hears of what one person does", () => {
  const policy = deaf(() => "send");
  const by = (login: string) => delivery(1, "issues", { sender: { login } });
  expect(policy(by(UNHEARD))).toBe("drop");
  expect(policy(by("olga"))).toBe("send");
});
