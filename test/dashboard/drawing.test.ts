import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { printBox } from "../../src/dashboard/box.ts";
import { printDrawing, readDrawing } from "../../src/dashboard/drawing.ts";
import { Seal } from "../../src/github/seal.ts";

const place = { fullName: "acme/recipes", seal: new Seal("a key") };
const BOX = printBox({ verb: "stop", scope: "*" });
const drawings = fc.record({
  at: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
  text: fc.string({ unit: "binary" }).map((text) => `${text.replaceAll(/\r|- \[/g, "")}\n${BOX}\nthe end`),
});

test.prop([drawings])(
  "a drawing is read as it was made, with or without ticks, in any repository's spelling",
  (drawing) => {
    const body = printDrawing(drawing, place);
    for (const seen of [body, body.replace("- [ ]", "- [x]"), body.replaceAll("\n", "\r\n"), `${body}\n`]) {
      expect(readDrawing(seen, { ...place, fullName: "Acme/Recipes" })).toMatchObject({ ...drawing, isIntact: true });
    }
  },
);

test.prop([drawings, fc.nat(), fc.string({ minLength: 1 }).filter((text) => text.trim() !== "")])(
  "a drawing that somebody has edited, or that was made elsewhere, is not intact",
  (drawing, index, added) => {
    const body = printDrawing(drawing, place);
    const start = body.indexOf("\n") + 1;
    const where = start + (index % (body.length - start));
    const edited = `${body.slice(0, where)}${added}${body.slice(where)}`;
    fc.pre(edited.replaceAll(/^- \[[xX]\] /gm, "- [ ] ") !== body);
    expect(readDrawing(edited, place)?.isIntact).toBe(false);
    expect(readDrawing(body, { ...place, fullName: "acme/other" })?.isIntact).toBe(false);
    expect(readDrawing(body, { ...place, seal: new Seal("another") })?.isIntact).toBe(false);
  },
);

test.prop([fc.string()])("any other text is no drawing", (text) => {
  expect(readDrawing(text, place)).toBeNull();
  expect(readDrawing(null, place)).toBeNull();
});
