import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { MOST_COMMANDS, readCommandLines } from "../../src/commands/command-line.ts";

/** The words of each command in a comment, joined. */
function commandsIn(comment: string): readonly string[] {
  return readCommandLines(comment).lines.map(({ words }) => words.join(" "));
}

describe("a line is a command when it begins, as typed, with /batch", () => {
  test.each<[string, string, string[]]>([
    ["alone", "/batch stop homebrew", ["stop homebrew"]],
    ["with nothing after it", "/batch", [""]],
    ["between other lines", "Hello\n/batch status\nBye", ["status"]],
    ["one of several", "/batch stop npm\n/batch status", ["stop npm", "status"]],
    ["with Windows line ends", "/batch stop npm\r\n/batch status\r\n", ["stop npm", "status"]],
    ["after up to three spaces", "   /batch status", ["status"]],
    ["in any case", "/Batch STOP npm", ["STOP npm"]],
    ["after a byte order mark", "\uFEFF/batch status", ["status"]],
    ["with a tab or a no-break space", "/batch\tstop\u00A0npm", ["stop npm"]],
    ["not in the middle of a line", "please /batch stop", []],
    ["not as the beginning of a word", "/batchx stop\n/batch-stop\n/batch/stop", []],
    ["not escaped", "\\/batch stop\n/batch status", ["status"]],
    ["not as a character reference", "&#47;batch stop\n/batch status", ["status"]],
    ["not bold", "**/batch stop**\n/batch status", ["status"]],
    ["not after a line end that is a character reference", "a&#10;/batch stop\n/batch status", ["status"]],
  ])("%s", (_, comment, commands) => {
    expect(commandsIn(comment)).toEqual(commands);
  });
});

describe("what GitHub does not show as text is not read", () => {
  test.each<[string, string, string[]]>([
    ["fenced code", "```\n/batch stop\n```", []],
    ["fenced code without an end", "~~~sh\n/batch stop", []],
    ["indented code", "    /batch stop\n\n\t/batch stop", []],
    ["inline code", "`/batch stop`", []],
    ["inline code over several lines", "`a\n/batch stop\nb`", []],
    ["text after inline code that began on the line before", "`a\n/batch x` /batch stop", []],
    ["a quote", "> /batch stop\n>/batch stop\n> > /batch stop", []],
    ["an HTML comment", "<!-- /batch stop -->", []],
    ["an HTML comment over several lines", "<!--\n\n/batch stop\n\n-->", []],
    ["an HTML comment in a paragraph", "see <!-- this\n/batch stop\n--> there", []],
    ["an HTML comment without an end", "<!--\n/batch stop", []],
    ["an HTML block", "<div>\n/batch stop\n</div>", []],
    ["an HTML element that shows code", "<pre>\n/batch stop\n\n/batch stop\n</pre>", []],
    ["Markdown within an HTML quote", "<blockquote>\n\n/batch stop\n\n</blockquote>\n\n/batch status", ["status"]],
    ["Markdown within HTML code", "see <code>\n/batch stop\n</code>", []],
    ["an HTML tag before it", "<b>/batch stop</b>", []],
    ["a link", "[/batch stop](https://example.org)\n[a\n/batch stop](https://example.org)", []],
    ["an image", "![/batch stop](https://example.org/a.png)", []],
    ["a reference link", "[/batch stop][a]\n\n[a]: https://example.org", []],
    ["a definition", '[a]: https://example.org "\n/batch stop\n"', []],
    ["a list item's own line", "- /batch stop\n1. /batch stop\n- [ ] /batch stop\n\n/batch status", ["status"]],
    ["a heading's own line", "# /batch stop\n/batch status", ["status"]],
    ["the line below a list item, which is typed as its own", "- mirror down\n/batch stop npm", ["stop npm"]],
    ["a line over dashes, which is typed as its own", "/batch stop npm\n---\nthanks", ["stop npm"]],
    ["a line after the code", "```\nlog\n```\n/batch stop npm", ["stop npm"]],
    ["a line right above the code", "/batch stop npm\n```\n/batch stop\n```", ["stop npm"]],
    ["a folded section shows text", "<details><summary>more</summary>\n\n/batch stop npm\n\n</details>", ["stop npm"]],
    ["an HTML tag mentioned in a comment", "<!-- <blockquote> -->\n\n/batch stop npm", ["stop npm"]],
  ])("%s", (_, comment, commands) => {
    expect(commandsIn(comment)).toEqual(commands);
  });
});

describe("nothing that was typed in a command is lost", () => {
  test.each<[string, string, string]>([
    ["an HTML comment leaves nothing", "/batch stop <!-- x -->", "stop"],
    ["a tag leaves itself, so that a placeholder is no empty scope", "/batch resume <ecosystem>", "resume <ecosystem>"],
    [
      "emphasis leaves its marks, which names may contain",
      "/batch stop **homebrew** __a _b c_",
      "stop **homebrew** __a _b c_",
    ],
    ["inline code leaves its text", "/batch stop `homebrew`", "stop homebrew"],
    [
      "a link leaves its address",
      "/batch stop npm -- see [link](https://a.example/1)",
      "stop npm -- see https://a.example/1",
    ],
    ["an image leaves its address", "/batch resume ![x](https://a.example/1.png)", "resume https://a.example/1.png"],
    [
      "an address stays",
      "/batch stop npm https://a.example/1 <https://a.example/2>",
      "stop npm https://a.example/1 https://a.example/2",
    ],
    [
      "a reference link leaves its label",
      "/batch resume [npm][a]\n[a]: https://a.example\n\n[a]: https://a.example",
      "resume [npm][a]",
    ],
    ["escapes and character references are read", "/batch stop crates\\_io &amp; npm", "stop crates_io & npm"],
    ["an asterisk stays", "/batch stop *", "stop *"],
    ["a line end of two spaces ends the line", "/batch stop npm  \nthanks", "stop npm"],
  ])("%s", (_, comment, command) => {
    expect(commandsIn(comment)).toEqual([command]);
  });
});

test("a command that Markdown draws into the quote above it is refused with the way out", () => {
  const { lines, refusals } = readCommandLines("> it is down\n/batch stop npm");
  expect(lines).toEqual([]);
  expect(refusals).toEqual([
    { kind: "refusal", text: expect.stringContaining("Line 2, `/batch stop npm`, was not run") },
  ]);
  expect(refusals[0]?.text).toContain("empty line");
});

test.each(["\u200B/batch stop", "/ba\u200Btch stop", "/batch\u2060 stop", "/batch \u202Estop", "/batch st\uFEFFop"])(
  "invisible characters in %j are refused and shown",
  (comment) => {
    const { lines, refusals } = readCommandLines(comment);
    expect(lines).toEqual([]);
    expect(refusals[0]?.text).toMatch(/<U\+[0-9A-F]{4}>.*invisible characters \(U\+[0-9A-F]{4}\)/);
  },
);

test("invisible characters in the reason are the reason's", () => {
  expect(commandsIn("/batch stop npm — 👩\u200D🚒 on it")).toEqual(["stop npm — 👩\u200D🚒 on it"]);
});

test("the first ten commands are run, and the eleventh line is named", () => {
  const { lines, refusals } = readCommandLines("/batch status\n".repeat(12));
  expect(lines).toHaveLength(MOST_COMMANDS);
  expect(refusals).toEqual([{ kind: "refusal", text: expect.stringContaining("from line 11, `/batch status`, on") }]);
});

describe("a comment too long or too intricate to be read", () => {
  test("is not mentioned when nobody asks for anything", () => {
    expect(readCommandLines("`".repeat(1_000_000))).toEqual({ lines: [], refusals: [] });
    expect(readCommandLines("> ".repeat(30_000))).toEqual({ lines: [], refusals: [] });
  });

  test.each([
    ["longer than GitHub stores", `/batch stop\n\n${"x".repeat(65_536)}`],
    ["text of more than 16,384 characters above the command", `${"word ".repeat(4000)}\n\n/batch stop`],
    ["quotes nested 1,000 deep above the command", `${">".repeat(1000)} a\n\n/batch stop`],
  ])("is refused when it asks: %s", (_, comment) => {
    const { lines, refusals } = readCommandLines(comment);
    expect(lines).toEqual([]);
    expect(refusals).toEqual([{ kind: "refusal", text: expect.stringContaining("comment of its own") }]);
  });

  test("still has the commands above the difficulty run", () => {
    const { lines, refusals } = readCommandLines(`/batch stop npm\n\n${">".repeat(5000)} a\n\n/batch status`);
    expect(lines.map(({ words }) => words.join(" "))).toEqual(["stop npm"]);
    expect(refusals[0]?.text).toContain("`/batch` in line 5");
  });

  test("needs no reading below its last command", () => {
    expect(commandsIn(`/batch stop npm\n\n${"*a ".repeat(20_000)}`)).toEqual(["stop npm"]);
    expect(commandsIn(`/batch stop npm\n\`\`\`\n${"log\n".repeat(15_000)}\`\`\``)).toEqual(["stop npm"]);
  });
});

const markdown = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."` `` ``` ~~~ > * ** _ [ ]( ) ![ <!-- --> <div> </pre> <a & &#10; \\ # - 1. | \n \n\n \t \r /batch stop npm \u200B".split(
          " ",
        ),
        " ",
        "\n/batch ",
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

property.prop([markdown])("no comment makes the reading throw", (comment) => {
  const { lines, refusals } = readCommandLines(comment);
  expect(lines.length + refusals.length).toBeLessThanOrEqual(MOST_COMMANDS + 2);
});

property.prop([markdown])("every command is a line that was typed as one", (comment) => {
  const source = comment.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  for (const { number } of readCommandLines(comment).lines) expect(source[number - 1]).toMatch(/^ {0,3}\/batch(\s|$)/i);
});

const line = fc.string({ unit: "grapheme-ascii", maxLength: 30 }).map((text) => text.replaceAll(/[\r\n]/g, " "));
const inner = fc.array(fc.oneof(line, fc.constant("/batch stop"), fc.constant("")), { minLength: 1, maxLength: 6 });

property.prop([inner])("nothing in fenced code is a command", (lines) => {
  const code = lines.map((text) => text.replaceAll("~", ""));
  expect(commandsIn(["~~~", "/batch stop", ...code, "~~~"].join("\n"))).toEqual([]);
});

property.prop([inner])("nothing in a quote is a command", (lines) => {
  expect(commandsIn(["/batch stop", ...lines].map((text) => `> ${text}`).join("\n"))).toEqual([]);
});

property.prop([inner])("nothing in an HTML comment is a command", (lines) => {
  const hidden = lines.map((text) => text.replaceAll(">", ""));
  expect(commandsIn(["<!--", "/batch stop", ...hidden, "-->"].join("\n"))).toEqual([]);
});

property.prop([inner])("nothing in inline code is a command", (lines) => {
  const code = lines.map((text) => text.replaceAll(/[^\w /]/g, "")).filter((text) => text.trim() !== "");
  expect(commandsIn(["see `this", "/batch stop", ...code.map((text) => text.trim()), "there`"].join("\n"))).toEqual([]);
});
