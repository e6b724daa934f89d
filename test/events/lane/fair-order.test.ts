import { expect, test } from "vitest";
import { fairOrder } from "../../../src/events/lane/fair-order.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 28, 12, minute)).toISOString();
const by = (author: number, minutes: readonly number[]) => minutes.map((minute) => ({ author, at: at(minute) }));
const handled = (items: readonly { author: number; at: string }[]) =>
  fairOrder(items, (item) => item).map(({ author, at }) => `${author} ${new Date(at).getUTCMinutes()}`);

test("what a few people wrote is handled in the order of writing, whatever the order of arrival", () => {
  expect(handled([...by(2, [9, 1]), ...by(1, [5, 0])])).toEqual(["1 0", "2 1", "1 5", "2 9"]);
});

test("of one who writes without end ten are handled before the next look", () => {
  const order = handled([
    ...by(
      666,
      Array.from({ length: 50 }, (_, minute) => minute),
    ),
    ...by(1, [59]),
  ]);
  expect(order).toHaveLength(11);
  expect(order.at(-1)).toBe("1 59");
});
