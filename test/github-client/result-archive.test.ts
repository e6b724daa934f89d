import { fc, test } from "@fast-check/vitest";
import { zipSync } from "fflate";
import { describe, expect } from "vitest";
import { LARGEST_ARCHIVE, readArchive } from "../../src/github/result-archive.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function archive(entries: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  return zipSync(
    Object.fromEntries(
      Object.entries(entries).map(([name, text]) => [name, typeof text === "string" ? bytes(text) : text]),
    ),
  );
}

/** An archive whose directory says of its one entry that it unpacks to so many bytes, whatever it really does. */
function lying(text: string, size: number): Uint8Array {
  const zipped = archive({ "batch-results.json": text });
  const view = new DataView(zipped.buffer, zipped.byteOffset, zipped.byteLength);
  // "PK\x01\x02" begins the entry of the directory; its unpacked size stands 24 bytes further on.
  const directory = zipped.findIndex(
    (_, index) => view.byteLength - index >= 4 && view.getUint32(index) === 0x504b0102,
  );
  view.setUint32(directory + 24, size, true);
  return zipped;
}

describe("an archive is read:", () => {
  test.each<[string, Uint8Array, object]>([
    ["the entry that bears its name", archive({ "batch-results.json": "1", "other.json": "2" }), { text: "1" }],
    ["the only JSON in it", archive({ "results.json": "3", "log.txt": "4" }), { text: "3" }],
    ["an empty text", archive({ "batch-results.json": "" }), { text: "" }],
    ["none of several", archive({ "a.json": "1", "b.json": "2" }), { kind: "malformed" }],
    ["none where there is no JSON", archive({ "results.txt": "1" }), { kind: "malformed" }],
    [
      "none below a folder, by its name alone",
      archive({ "x/batch-results.json": "5", "y.json": "6" }),
      { kind: "malformed" },
    ],
    [
      "no text that is not UTF-8",
      archive({ "batch-results.json": new Uint8Array([0xff, 0xfe, 0x00]) }),
      { kind: "malformed" },
    ],
    ["nothing that is no archive", bytes("PK"), { kind: "malformed" }],
    [
      "nothing that is too large",
      new Uint8Array(LARGEST_ARCHIVE + 1),
      { problem: expect.stringContaining("more than") },
    ],
  ])("%s", (_case, zipped, expected) => expect(readArchive(zipped, "batch-results")).toMatchObject(expected));
});

describe("an archive that lies about its size", () => {
  test("never unpacks to more than it says", () => {
    const reading = readArchive(lying("x".repeat(1_900_000), 1000), "batch-results");
    expect(reading.kind === "text" ? reading.text.length : 0).toBeLessThanOrEqual(1000);
  });

  test.each([0xffff_fffe, 3_000_000])("is not unpacked when it says %d", (size) => {
    expect(readArchive(lying("{}", size), "batch-results")).toMatchObject({ kind: "malformed" });
  });
});

test.prop([fc.uint8Array({ maxLength: 300 })])("no bytes throw", (garbage) => {
  readArchive(garbage, "batch-results");
});

test.prop([fc.nat({ max: 200 }), fc.nat({ max: 255 })])("no damaged byte throws", (place, value) => {
  const zipped = archive({ "batch-results.json": JSON.stringify({ per_ecosystem: {} }) });
  zipped[place % zipped.length] = value;
  readArchive(zipped, "batch-results");
});
