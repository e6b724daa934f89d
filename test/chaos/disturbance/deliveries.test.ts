import { expect, test } from "vitest";
import { deliveryPolicy } from "../../../chaos/disturbance/deliveries.ts";
import type { Delivery } from "../../github/delivery.ts";

function delivery(repositoryId: number, event: string): Delivery {
  return {
    id: 1,
    guid: "g",
    event,
    action: "completed",
    deliveredAt: "",
    redelivery: false,
    installationId: 1,
    repositoryId,
    body: "{}",
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
