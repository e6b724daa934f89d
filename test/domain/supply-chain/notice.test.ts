import { fc, test as propertyTest } from "@fast-check/vitest";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, test } from "vitest";
import { advisoryDraft, advisoryStep, withAdvisory } from "../../../src/domain/supply-chain/advisory.ts";
import { type NoticeFacts, noticeSection, noticeText } from "../../../src/domain/supply-chain/notice.ts";

const AT = Date.parse("2026-11-29T23:00:00Z");
const BEFORE = "a".repeat(40);

function pushOf(recipes: readonly string[]): NoticeFacts {
  return { repository: "acme/recipes", recipes, at: AT, found: { kind: "push", pushedAt: AT, before: BEFORE } };
}

describe("a notice", () => {
  test("of a push names its recipes, the time, and the last commit before", () => {
    const text = noticeText(pushOf(["recipes/j/jq.toml"]));
    expect(text).toContain("- `recipes/j/jq.toml`");
    expect(text).toContain("since 2026-11-29T23:00:00Z");
    expect(text).toContain(`\`${BEFORE}\``);
  });

  test("of a rewritten history does not guess which recipes differ", () => {
    expect(noticeText(pushOf([]))).toContain("Which of them differ from what was reviewed is not known");
  });

  test("is bounded, whatever there is to name", () => {
    const many = Array.from({ length: 1000 }, (_, index) => `recipes/x/${"x".repeat(200)}${index}.toml`);
    expect(noticeText(pushOf(many)).length).toBeLessThanOrEqual(6001);
    expect(noticeText(pushOf(many))).toContain("- and 980 more");
  });

  propertyTest.prop([fc.array(fc.string({ unit: "binary", maxLength: 80 }), { maxLength: 3 })])(
    "is one code block in its incident, and in Markdown has no link, mention or HTML of anybody's",
    (names) => {
      const facts = pushOf(names.map((name) => `recipes/${name}.toml`));
      const notice = noticeText(facts);
      const kinds = fromMarkdown(noticeSection(facts)).children.map(({ type }) => type);
      expect(kinds).toEqual(["html", "code", "html"]);
      expect(nodeTypes(fromMarkdown(notice))).not.toEqual(expect.arrayContaining(["html"]));
      expect(nodeTypes(fromMarkdown(notice))).not.toEqual(expect.arrayContaining(["link"]));
    },
  );
});

describe("an advisory", () => {
  test("has a summary of one line, whatever a recipe is called", () => {
    const { summary, packages } = advisoryDraft(pushOf(["recipes/x/a\nb\u202e.toml"]), "https://github.test/1");
    expect(summary).toBe("Recipes were changed without a review: a b<U+202E>");
    expect(packages).toEqual([{ name: "a b<U+202E>", versions: null }]);
  });

  test("is about the repository where no recipe can be named", () => {
    expect(advisoryDraft(pushOf([]), "").packages).toEqual([{ name: "acme/recipes", versions: null }]);
  });

  test("is told in its line of the checklist, ticked or not, and nowhere where people took that out", () => {
    const drafted = { kind: "drafted", id: "GHSA-1", url: "https://github.test/$&" } as const;
    const body = `a\n- [x] ${advisoryStep({ kind: "pending" })}\n- [ ] b`;
    expect(withAdvisory(body, drafted)).toBe(`a\n- [x] ${advisoryStep(drafted)}\n- [ ] b`);
    expect(withAdvisory("a\n- [ ] b", drafted)).toBeNull();
  });
});

interface Node {
  readonly type: string;
  readonly children?: readonly Node[];
}

function nodeTypes({ type, children = [] }: Node): readonly string[] {
  return [type, ...children.flatMap(nodeTypes)];
}
