import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { renderMarkdown } from "../../demo/markdown.ts";

function shown(markdown: string): string {
  return stripVTControlCharacters(renderMarkdown(markdown));
}

test("the hidden marker of a reply is not shown", () => {
  expect(shown("<!-- batchkeeper:reply 7 -->\nDone.")).toBe("Done.");
});

test("emphasis, code and links are shown as their text", () => {
  expect(shown("**Stopped: npm.** `` a`b `` [#3](https://github.test/pull/3)")).toBe("Stopped: npm. a`b #3");
});

test("headings and lists lose their signs", () => {
  expect(shown("### What to do\n- wait\n- **stop**")).toBe("What to do\n• wait\n• stop");
});

test("code keeps every sign", () => {
  expect(shown("```\n- `x` **y**\n```\nafter")).toBe("  - `x` **y**\nafter");
});

test("the columns of a table are aligned, escaped bars included", () => {
  expect(shown("| a | state |\n|---|---|\n| `x\\|y` | **open** |\n| z | |\nafter")).toBe(
    "  a    state\n  x|y  open\n  z\nafter",
  );
});

test("no text can send control sequences to the terminal", () => {
  expect(shown("a\u001b[2Jb")).toBe("ab");
  expect(renderMarkdown("a\u001b[2Jb")).not.toContain("\u001b[2J");
});
