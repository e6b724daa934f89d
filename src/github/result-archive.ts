import { unzipSync } from "fflate";

/** The one JSON file of an archive, or why there is none to read. */
export type ArchiveReading =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "malformed"; readonly problem: string };

// The results of a thousand packages with their causes have some 100 KB.
export const LARGEST_ARCHIVE = 1_000_000;
const LARGEST_TEXT = 2_000_000;
const MOST_ENTRIES = 100;
/** Text shrinks to a tenth, JSON that repeats itself to a fiftieth; what shrinks more is made to burst. */
const GREATEST_RATIO = 200;

/**
 * Reads the results out of an artifact's archive: the entry `<name>.json`, or the only one that ends so. Nothing of it is
 * ever written, so its names are only compared. Its sizes are looked at before anything is unpacked, and the unpacked text
 * cannot become longer than its entry says.
 */
export function readArchive(bytes: Uint8Array, name: string): ArchiveReading {
  if (bytes.byteLength > LARGEST_ARCHIVE) return malformed(`it has more than ${LARGEST_ARCHIVE} bytes`);
  const entries: { readonly name: string; readonly packed: number; readonly unpacked: number }[] = [];
  const chosen = (candidates: typeof entries) => {
    const documents = candidates.filter((entry) => entry.name.endsWith(".json"));
    return (
      documents.find((entry) => entry.name === `${name}.json`) ?? (documents.length === 1 ? documents[0] : undefined)
    );
  };
  try {
    unzipSync(bytes, {
      filter: ({ name: entry, size, originalSize }) => {
        entries.push({ name: entry, packed: size, unpacked: originalSize });
        return false;
      },
    });
    if (entries.length > MOST_ENTRIES)
      return malformed(`it has ${entries.length} entries, and at most ${MOST_ENTRIES} are read`);
    const entry = chosen(entries);
    if (entry === undefined) return malformed(`it has neither an entry ${name}.json nor only one that ends in .json`);
    if (entry.unpacked > LARGEST_TEXT) return malformed(`its results have more than ${LARGEST_TEXT} bytes`);
    if (entry.unpacked > GREATEST_RATIO * Math.max(entry.packed, 100))
      return malformed("its results are packed to burst");
    const unpacked = unzipSync(bytes, { filter: (file) => file.name === entry.name });
    const text = unpacked[entry.name];
    if (text === undefined) return malformed("its results cannot be unpacked");
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(text) };
  } catch {
    // Whatever is wrong with an archive, from its signature to a byte in its text, the pipeline has to write another.
    return malformed("it is no zip archive of a text in UTF-8");
  }
}

function malformed(problem: string): ArchiveReading {
  return { kind: "malformed", problem };
}
