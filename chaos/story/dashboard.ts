import { knownEcosystems } from "../../src/config/known-ecosystems.ts";
import { printBox, tickedIn } from "../../src/dashboard/box.ts";
import { readDrawing } from "../../src/dashboard/drawing.ts";
import { type Offer, offersOf } from "../../src/dashboard/offer.ts";
import { readMarker } from "../../src/github/marker.ts";
import { Seal } from "../../src/github/seal.ts";
import type { ObservedComment, ObservedIssue } from "../../test/github/observation.ts";
import { BOT } from "./happening.ts";
import type { Place } from "./place.ts";

const LABELS = ["batchkeeper", "dashboard"];

/** The dashboard of a place as its people see it, and what has to be known of it before the next thing may happen. */
export class Dashboard {
  readonly #place: Place;
  readonly #seal: Seal;
  /** Ids of the answers to ticks, each with the step that ticked and its place among those of the step. */
  readonly answers = new Map<number, string>();
  /** Numbers of the issues that were ticked. */
  readonly numbers = new Set<number>();
  /** False once somebody has unpinned the one that there is. */
  isToBePinned = true;

  constructor(place: Place) {
    this.#place = place;
    // As the app reads it from its environment, without the last newline.
    this.#seal = new Seal(place.github.app.privateKey.trim());
  }

  get isWanted(): boolean {
    return this.#place.settings.dashboard === "issue";
  }

  /** All issues that are found as the dashboard, open and closed: there should be one at most. */
  all(): readonly ObservedIssue[] {
    const { github, repository } = this.#place;
    return github
      .issues(repository)
      .filter(({ author, labels }) => author === BOT && LABELS.every((label) => labels.includes(label)));
  }

  /** @throws when there is none. */
  issue(): ObservedIssue {
    const issue = this.all().at(-1);
    if (issue === undefined) throw new Error(`${this.#place.repository} has no dashboard`);
    return issue;
  }

  /** What its boxes are to give now. */
  offers(): readonly Offer[] {
    const { settings } = this.#place;
    const file = this.#place.control();
    return file === null ? [] : offersOf(file.control, knownEcosystems(settings, file.control));
  }

  /** It is as it should be; where the settings want none, that is closed. */
  atRest(): Promise<void> {
    return this.#place.until("the dashboard is drawn", () => this.isAtRest());
  }

  isAtRest(): boolean {
    const open = this.all().filter(({ state }) => state === "open");
    if (!this.isWanted) return open.length === 0;
    return open[0] !== undefined && this.#isAsItShouldBe(open[0]);
  }

  /** As the app drew it, nothing is ticked, and it offers what makes sense now. */
  #isAsItShouldBe({ body, isPinned }: ObservedIssue): boolean {
    const drawing = readDrawing(body, { fullName: this.#place.repository, seal: this.#seal });
    if (drawing?.isIntact !== true || tickedIn(body).length > 0 || isPinned !== this.isToBePinned) return false;
    const boxes = body.split("\n").filter((line) => /^- \[[ xX]\] /.test(line));
    return boxes.join("\n") === this.offers().map(printBox).join("\n");
  }

  /**
   * So many ticks are answered.
   *
   * @returns false when nothing was said and the boxes are empty again: they were drawn anew at the moment of the ticks, and
   * of somebody who is not heard nobody knows that there were any
   */
  async answered(count: number, { isHeard }: { readonly isHeard: boolean }): Promise<boolean> {
    const { number } = this.issue();
    await this.#place.until(
      `${count} ticks are answered`,
      () => this.#news(number).length === count || (!isHeard && this.isAtRest()),
    );
    const news = this.#news(number);
    this.numbers.add(number);
    for (const [index, { id }] of news.entries()) this.answers.set(id, `tick ${index + 1} of step ${this.#place.step}`);
    return news.length === count;
  }

  /** Answers to ticks that are not known yet; one that is only begun is none. */
  #news(issue: number): readonly ObservedComment[] {
    const { github, repository } = this.#place;
    const isAnswer = ({ id, author, body }: ObservedComment) =>
      author === BOT && readMarker(body, "reply")?.startsWith("tick:") === true && !this.answers.has(id);
    return github.comments(repository, issue).filter(isAnswer);
  }
}
