import { expect, test } from "vitest";
import { overlaps } from "../../../chaos/ending/exclusivity.ts";
import type { LoggedCall } from "../../github/http/request-log.ts";

function call(host: string, startedAt: number, endedAt: number, path = "/repos/acme/recipes/labels"): LoggedCall {
  return {
    method: "POST",
    path,
    status: 201,
    startedAt,
    endedAt,
    host,
    operation: null,
    authorization: "installation",
    actor: "bot",
  };
}

test("one process may have several calls under way", () => {
  expect(overlaps([call("a", 0, 10), call("a", 5, 15)])).toEqual([]);
});

test("one process after the other is no overlap", () => {
  expect(overlaps([call("a", 0, 10), call("b", 10, 20), call("a", 20, 30)])).toEqual([]);
});

test("two processes at once in one repository are, whichever call ended first", () => {
  expect(overlaps([call("a", 0, 10), call("b", 9, 20)])).toHaveLength(1);
  expect(overlaps([call("a", 0, 30), call("a", 1, 2), call("b", 9, 20)])).toEqual([
    "acme/recipes: two processes at once: POST /repos/acme/recipes/labels by a and POST /repos/acme/recipes/labels by b",
  ]);
});

test("two processes in two repositories are not, nor are calls about none", () => {
  const other = "/repos/acme/other/labels";
  expect(overlaps([call("a", 0, 10), call("b", 5, 15, other)])).toEqual([]);
  expect(overlaps([call("a", 0, 10, "/graphql"), call("b", 5, 15, "/graphql")])).toEqual([]);
});

test("where something is downloaded, which has a lane of its own, two processes may be at work", () => {
  const calls = [call("a", 0, 10), call("b", 5, 15)];
  expect(overlaps(calls, new Set(["acme/recipes"]))).toEqual([]);
  expect(overlaps(calls, new Set(["acme/other"]))).toHaveLength(1);
});
