import { type ControlFile, readSoundFile } from "./control-file.ts";
import { editObject } from "./json-edit.ts";
import { membersOf } from "./json-syntax.ts";

/**
 * Puts our key back when another program has dropped it (upstream's Go program keeps only the fields it knows).
 *
 * @param file today's version: of what upstream's programs write, it is right
 * @param earlier the last version that still had the key
 */
export function restoreOwnState(file: ControlFile, earlier: ControlFile): ControlFile {
  const own = membersOf(earlier.root).get("batchkeeper");
  if (file.hasOwnState || !earlier.hasOwnState || own === undefined) return file;
  const { text, root } = file;
  const lost = earlier.text.slice(own.offset, own.offset + own.length);
  const restored = editObject(text, root, [["batchkeeper", lost]], { depth: 0, order: [] });
  return readSoundFile(text.slice(0, root.offset) + restored + text.slice(root.offset + root.length));
}
