import { beforeAll, expect, test } from "vitest";
import { processorTime } from "../processor-time.ts";
import { outcomes } from "./sample-commands.ts";

const LONGEST = 65_536;

/** As often as it fits into a comment, with a command where the parser must read all of it. */
function filled(fragment: string, size: number): string {
  return `${fragment.repeat(Math.floor(size / fragment.length))}\n\n/batch stop npm`;
}

beforeAll(() => {
  for (let i = 0; i < 30; i += 1) outcomes(filled("a *b* [c](d) `e`\n- f\n> g\n\n", 2_000));
});

const FRAGMENTS = [
  "`",
  "`` ` ",
  "``\\",
  ">",
  "> ",
  "- ",
  "1. ",
  "- > ",
  "> - a\n",
  "* a\n",
  "  - a\n",
  "*",
  "*a ",
  "**a",
  "_a_",
  "*a_b ",
  "[",
  "]",
  "[a](",
  "![",
  "[a][b] ",
  "[a]: /u\n",
  "<",
  "<a ",
  "<!--",
  "<!-- x -->",
  "a<?",
  "<![CDATA[",
  "&",
  "&#10;",
  "\\",
  "\t",
  " ",
  "\n",
  "a\n=\n",
  "a\n-\n",
  "---\n",
  "# ",
  "```\n",
  "a  \n",
  "<div>\n",
  "> a\n-->",
  "- a\n~",
  "/batch stop npm\n",
  "/batch stop npm\n\n",
  "/batch\u200B\n",
  "a\n\n",
];

test.each(FRAGMENTS)("a comment full of %j is answered or refused in under 100 ms", (fragment) => {
  for (const size of [1_000, 4_000, 16_000, LONGEST - 20]) {
    const comment = filled(fragment, size);
    expect(
      processorTime(() => outcomes(comment)),
      `${size} characters`,
    ).toBeLessThan(100);
  }
});

test.each([
  ["1 MB of backticks", filled("`", 1_000_000)],
  ["1 MB of commands", filled("/batch stop npm\n", 1_000_000)],
  ["10,000 commands", "/batch\n".repeat(9_300)],
  ["quotes nested 1,000 deep", `${"> ".repeat(1000)}a\n\n/batch stop npm`],
  ["code without an end before a long paragraph", `${"\\``".repeat(330)}${"word ".repeat(2_600)}\n\n/batch stop npm`],
  ["a scope of thousands of names", `/batch stop ${"ab,".repeat(5_000)}`],
  ["a scope of thousands of near misses", `/batch resume ${"npm,".repeat(4_000)}nmp`],
  ["thousands of options", `/batch stop ${"--now --until 2h ".repeat(900)}`],
  ["thousands of commas and dots", `/batch stop ${".,".repeat(4_000)}x${".".repeat(8_000)}x`],
  ["thousands of quotation marks", `/batch stop ${'"'.repeat(8_000)}x${'"'.repeat(8_000)}x`],
  ["a word of 16,000 letters", `/batch stop ${"a".repeat(16_000)} ${"=".repeat(300)}`],
  ["an option of 16,000 letters", `/batch stop --${"a".repeat(8_000)}=${".".repeat(8_000)}x`],
  ["a reason of dashes", `/batch stop npm ${"- ".repeat(900)}`],
])("%s: under 100 ms", (_, comment) => {
  expect(processorTime(() => outcomes(comment))).toBeLessThan(100);
});
