import { fc, test } from "@fast-check/vitest";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect } from "vitest";
import { oneLine, quote } from "../../src/domain/quote.ts";

const HOSTILE = [
  "@everyone look",
  "@acme/admins",
  "fixes #1, closes acme/recipes#2",
  "![x](https://tracker.example/pixel.png)",
  "[click](https://evil.example)",
  "https://evil.example/?token=1",
  "<!-- batchkeeper:reply 1 -->",
  "<img src=x onerror=alert(1)>",
  "`` ` ``` code",
  "`",
  "line\nbreak\r\n\n# heading",
  "| a | b |",
];

describe("the words of outsiders", () => {
  test.each(HOSTILE)("are shown as one code span and nothing else: %j", (text) => {
    expect(kindsIn(quote(text))).toEqual(["inlineCode"]);
  });

  test.prop([fc.string({ unit: "binary", maxLength: 400 })])("stay one code span whatever they are", (text) => {
    expect(kindsIn(quote(text))).toEqual(["inlineCode"]);
  });

  test.each([
    ["a right-to-left override", "homebrew\u202Ewerb", "homebrew<U+202E>werb"],
    ["a zero-width space", "home\u200Bbrew", "home<U+200B>brew"],
    ["an escape sequence of a terminal", "\u001B[31mred", "<U+001B>[31mred"],
    ["a byte order mark in the middle", "a\uFEFFb", "a<U+FEFF>b"],
    ["a lone surrogate", "a\uD800b", "a<U+D800>b"],
  ])("show %s instead of obeying it", (_what, text, shown) => {
    expect(oneLine(text)).toBe(shown);
  });

  test("are cut to the length that fits", () => {
    expect(oneLine("x".repeat(1000), 10)).toBe("xxxxxxxxx…");
  });
});

function kindsIn(markdown: string): string[] {
  const [paragraph, ...rest] = fromMarkdown(`before ${markdown} after`).children;
  expect(rest).toEqual([]);
  return paragraph?.type === "paragraph"
    ? paragraph.children.map(({ type }) => type).filter((type) => type !== "text")
    : [];
}
