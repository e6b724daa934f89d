import fc from "fast-check";
import { describeOffer } from "../../../src/dashboard/offer.ts";
import { tickedBody } from "../../../test/github/ticked-body.ts";
import { anOperator, kind, PIPELINE, UNHEARD } from "../happening.ts";
import type { Place } from "../place.ts";

const MOST_TICKED = 2;

/**
 * Somebody ticks boxes of the dashboard, in one edit: operators, one who may write and not command, and one of whose ticks
 * GitHub never tells. A tick is a command: it waits for the runs before it, because some boxes are about breakers, and it is
 * waited for.
 */
export const tick = kind({
  name: "tick",
  weight: 4,
  details: fc.record({
    by: fc.oneof(
      { weight: 12, arbitrary: anOperator },
      { weight: 2, arbitrary: fc.constant(PIPELINE) },
      { weight: 1, arbitrary: fc.constant(UNHEARD) },
    ),
    boxes: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: MOST_TICKED }),
  }),
  async perform({ by, boxes }, place) {
    if (!place.dashboard.isWanted) return;
    await place.counted();
    for (;;) {
      await place.dashboard.atRest();
      const offers = place.dashboard.offers();
      const ticked = new Set(
        boxes.map((index) => offers[index % offers.length]).filter((offer) => offer !== undefined),
      );
      const { number, body } = place.dashboard.issue();
      const after = [...ticked].reduce((text, offer) => tickedBody(text, `**${describeOffer(offer)}**`), body);
      await place.github.editIssueAs(by, place.repository, number, { body: after });
      if (await place.dashboard.answered(ticked.size, { isHeard: by !== UNHEARD })) return;
    }
  },
});

const DEEDS = [
  "writes into it",
  "empties it",
  "deletes it",
  "takes a label off",
  "closes it",
  "gives it another title",
  "unpins it",
] as const;
type Deed = (typeof DEEDS)[number];

/** Somebody treats the dashboard as an issue of their own. It is waited for: two who write at once overwrite each other. */
export const dashboardEdit = kind({
  name: "dashboard edit",
  weight: 3,
  details: fc.record({ by: anOperator, deed: fc.constantFrom(...DEEDS) }),
  async perform({ by, deed }, place) {
    if (!place.dashboard.isWanted) return;
    await place.dashboard.atRest();
    await treat(by, deed, place);
    await place.dashboard.atRest();
  },
});

async function treat(by: string, deed: Deed, place: Place): Promise<void> {
  const { github, repository, dashboard } = place;
  const { number, body } = dashboard.issue();
  switch (deed) {
    case "writes into it":
      return github.editIssueAs(by, repository, number, { body: `${body}\n\nAll is well.` });
    case "empties it":
      return github.editIssueAs(by, repository, number, { body: "" });
    case "deletes it":
      github.deleteIssueAs(by, repository, number);
      dashboard.isToBePinned = true;
      return;
    case "takes a label off":
      // What is no dashboard any more need not be on top of the list.
      github.pinIssue(repository, number, false);
      dashboard.isToBePinned = true;
      return github.editIssueAs(by, repository, number, { labels: ["batchkeeper"] });
    case "closes it":
      await github.editIssueAs(by, repository, number, { state: "closed" });
      // It is opened again with the next change: whether there is one besides depends on what is still on its way.
      await place.answered(await place.comment(by, `/batch incident open low — Step ${place.step} is odd`));
      return;
    case "gives it another title":
      return github.editIssueAs(by, repository, number, { title: `Pipeline, as of step ${place.step}` });
    case "unpins it":
      github.pinIssue(repository, number, false);
      dashboard.isToBePinned = false;
      return;
  }
}
