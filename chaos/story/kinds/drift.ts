import fc from "fast-check";
import { type Change, type Download, downloadOf, proposalFor, publishAgain, publishFirst } from "../download.ts";
import { anEcosystem, anOperator, anybody, kind, OPERATORS } from "../happening.ts";
import type { Place } from "../place.ts";
import { bringBatch, mergedOrNot } from "./batch.ts";

const aChange = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Change>("made anew") },
  { weight: 2, arbitrary: fc.constantFrom<Change>("gone", "as it was") },
);

/** A batch brings a recipe with the checksum of what it downloads, the publisher changes the file, and somebody compares. */
export const drift = kind({
  name: "drift",
  weight: 2,
  details: fc.record({
    ecosystem: anEcosystem,
    host: fc.constantFrom("mirror", "cdn"),
    isForced: mergedOrNot,
    becomes: aChange,
    by: anOperator,
  }),
  async perform({ becomes, by, ...batch }, place) {
    const download = await bringDownload(place, batch);
    if (download === null) return;
    publishAgain(place, download, becomes);
    await place.answered(await place.comment(by, `/batch verify ${download.name}`));
  },
});

/** The publisher changes a file once more, and anybody wants to know. */
export const verification = kind({
  name: "verification",
  weight: 1,
  details: fc.record({ which: fc.nat({ max: 9 }), becomes: aChange, by: anybody }),
  async perform({ which, becomes, by }, place) {
    const download = downloadOf(place, which);
    if (download === null) return;
    publishAgain(place, download, becomes);
    await place.answered(await place.comment(by, `/batch verify ${download.recipe}`));
  },
});

/**
 * Somebody wants a drift accepted, which takes two; where nothing drifts yet, something does first. Before the second is asked
 * the publisher may change the file again, which voids what was asked for.
 */
export const acceptance = kind({
  name: "acceptance",
  weight: 2,
  details: fc.record({
    which: fc.nat({ max: 9 }),
    ecosystem: anEcosystem,
    by: anOperator,
    becomes: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: aChange }),
    end: fc.oneof(
      { weight: 3, arbitrary: fc.constant("is approved" as const) },
      { weight: 3, arbitrary: fc.constantFrom("is approved by its id", "is approved in a review") },
      {
        weight: 1,
        arbitrary: fc.constantFrom("is approved by the same", "is withdrawn", "is merged by hand", "waits"),
      },
    ),
  }),
  async perform({ which, ecosystem, by, becomes, end }, place) {
    const { github, repository } = place;
    const download = downloadOf(place, which) ?? (await firstDrift(place, ecosystem, by));
    if (download === null) return;
    const asked = await place.comment(by, `/batch drift accept ${download.name} — made anew`);
    await place.answered(asked);
    const pull = proposalFor(place, download);
    if (becomes !== null) publishAgain(place, download, becomes);
    if (pull === null) return;
    const another = OPERATORS.find((login) => login !== by) ?? by;
    switch (end) {
      case "is approved":
        return place.answered(await place.comment(another, `/batch approve #${pull}`));
      case "is approved by its id":
        return place.answered(await place.comment(another, approvalNamedIn(place.resultOf(asked) ?? "")));
      case "is approved in a review":
        await github.approveAs(another, repository, pull);
        return place.reviewed(pull);
      case "is approved by the same":
        return place.answered(await place.comment(by, `/batch approve #${pull}`));
      case "is withdrawn":
        return place.answered(await place.comment(another, `/batch cancel #${pull}`));
      case "is merged by hand":
        await github.mergeAs(another, repository, pull, { merge_method: "squash" });
        return;
      case "waits":
        return;
    }
  },
});

/** Null where the batch that would bring it is held. */
async function firstDrift(place: Place, ecosystem: string, by: string): Promise<Download | null> {
  const download = await bringDownload(place, { ecosystem, host: "mirror", isForced: false });
  if (download === null) return null;
  publishAgain(place, download, "made anew");
  await place.answered(await place.comment(by, `/batch verify ${download.name}`));
  return download;
}

/** A batch brings a recipe that downloads a file; null where it is not merged. */
async function bringDownload(
  place: Place,
  { ecosystem, host, isForced }: { readonly ecosystem: string; readonly host: string; readonly isForced: boolean },
): Promise<Download | null> {
  const download = publishFirst(place, { name: `${ecosystem}-${place.step}`, host });
  const recipes = { [download.recipe]: recipeOf(download) };
  if (!(await bringBatch(place, { ecosystem, recipes, isForced }))) return null;
  place.downloads.push(download);
  return download;
}

/** The command that a result says to approve with. */
function approvalNamedIn(result: string): string {
  return /`(\/batch approve [0-9a-f]{8})`/.exec(result)?.[1] ?? "/batch approve";
}

function recipeOf({ name, url, checksum }: Download): string {
  return `[metadata]\nname = "${name}"\n\n[[steps]]\naction = "download"\nurl = "${url}"\nchecksum = "sha256:${checksum}"\n`;
}
