import { fc, test as propertyTest } from "@fast-check/vitest";
import { parse, stringify } from "smol-toml";
import { describe, expect, test } from "vitest";
import type { Hash } from "../../../src/domain/supply-chain/check-plan.ts";
import { replaceChecksums } from "../../../src/domain/supply-chain/replace-checksum.ts";

const OLD = "0123456789abcdef".repeat(4);
const NEW = "f".repeat(64);
const URL = "https://a.example/x";
const LATEST = { version: null };

function hash(digits: string): Hash {
  return { name: digits.length === 64 ? "sha256" : "sha512", digits };
}

function replaced(text: string, url = URL, from = OLD, to = NEW) {
  return replaceChecksums(text, LATEST, [{ url, from: hash(from), to: hash(to) }]);
}

function step(checksum: string, url = URL): string {
  return `[[steps]]\naction = "download"\nurl = "${url}"\n${checksum}\n`;
}

describe("a checksum is replaced where it stands,", () => {
  test.each([
    ["by the key checksum", `checksum = "${OLD}"`],
    ["by the key sha256, in single quotes", `sha256='${OLD}' # the hash`],
    ["with the name of the hash before it", `checksum = "sha256:${OLD}"`],
    ["in several lines", `checksum = """\n${OLD}"""`],
  ])("%s", (_, line) => {
    expect(replaced(step(line))).toBe(step(line.replace(OLD, NEW)));
  });

  test("in capital letters", () => {
    expect(replaced(step(`checksum = "${OLD.toUpperCase()}"`))).toBe(step(`checksum = "${NEW}"`));
  });

  test("in an inline table", () => {
    const text = (digits: string) => `steps = [ { action = "download", url = "${URL}", sha256 = "${digits}" } ]\n`;
    expect(replaced(text(OLD))).toBe(text(NEW));
  });

  test("and nowhere else: neither in comments, nor in other keys, nor in steps of other addresses", () => {
    const text = (digits: string) =>
      `# ${OLD}\nnote = "${OLD}"\n${step(`checksum = "${digits}"\nwas = "${OLD}"`)}${step(`checksum = "${OLD}"`, "https://b.example/x")}`;
    expect(replaced(text(OLD))).toBe(text(NEW));
  });

  test("in every step that downloads the same", () => {
    const text = (digits: string) => step(`checksum = "${digits}"`) + step(`sha256 = "${digits}"`);
    expect(replaced(text(OLD))).toBe(text(NEW));
  });

  test("several at once, even where one becomes what the other was", () => {
    const other = "https://b.example/x";
    const text = (one: string, two: string) => step(`checksum = "${one}"`) + step(`checksum = "${two}"`, other);
    const changes = [
      { url: URL, from: hash(OLD), to: hash(NEW) },
      { url: other, from: hash(NEW), to: hash(OLD) },
    ];
    expect(replaceChecksums(text(OLD, NEW), LATEST, changes)).toBe(text(NEW, OLD));
  });
});

test.each([
  ["is written with escapes", step(`checksum = "\\u0030${OLD.slice(1)}"`)],
  ["is not there", step(`checksum = "${NEW}"`)],
  ["is in no TOML", "x = "],
  ["stands among too many like it", `${"# ".concat(OLD, "\n").repeat(30)}${step(`checksum = "${OLD}"`)}`],
  ["is of another address", step(`checksum = "${OLD}"`, "https://b.example/x")],
])("nothing is guessed where the checksum %s", (_, text) => {
  expect(replaced(text)).toBeNull();
});

const digits = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
const word = fc.string({ maxLength: 20 });

propertyTest.prop([
  fc.array(fc.record({ url: fc.constantFrom(URL, "https://b.example/x"), checksum: digits, note: word }), {
    minLength: 1,
    maxLength: 4,
  }),
  digits,
  word,
])("what a recipe says is the same but for that checksum", (steps, to, comment) => {
  const text = `# ${comment.replaceAll(/[\p{Cc}\p{Cs}]/gu, "")}\n${stringify({ name: comment, steps })}`;
  const from = steps[0]?.checksum ?? "";
  const changed = replaced(text, steps[0]?.url, from, to);
  expect(changed).not.toBeNull();
  const expected = steps.map((one) =>
    one.url === steps[0]?.url && one.checksum === from ? { ...one, checksum: to } : one,
  );
  expect(parse(changed ?? "").steps).toEqual(parse(stringify({ steps: expected })).steps);
  expect(changed?.length).toBe(text.length);
});
