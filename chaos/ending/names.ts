import { BOT } from "../story/happening.ts";
import type { Place } from "../story/place.ts";

/** A part of a text that differs between two plays, and what is put there: a name of the story's where it has one. */
interface Rule {
  readonly pattern: RegExp;
  readonly name: (...match: readonly string[]) => string;
}

/** A moment with its seconds, as the control file prints it. */
const MOMENT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** The same as texts show it that nobody reads to the second. */
const MINUTE = /\b\d{4}-\d\d-\d\d \d\d:\d\dZ/g;
const END_OF_MINUTE = 59_999;

/** Puts the story's names where a play has ids and addresses. */
export class Names {
  readonly #rules: readonly Rule[];

  constructor({ github, publisher, repository, comments, commits, runs, timetable, dashboard }: Place) {
    const own = github
      .issues(repository)
      .filter(({ author, number }) => author === BOT && !dashboard.numbers.has(number));
    const incidents = new Map(own.map(({ number, title }) => [number, `[${title}]`]));
    const comment = (id: string) => comments.get(Number(id)) ?? dashboard.answers.get(Number(id)) ?? id;
    const run = new Map(runs.map(({ id, name }) => [String(id), name]));
    this.#rules = [
      // The local GitHub listens where there is a free port.
      { pattern: new RegExp(RegExp.escape(github.url), "g"), name: () => "https://github.local" },
      // So do the hosts of publishers.
      { pattern: new RegExp(`(?<=\\.files\\.example):${publisher.port}\\b`, "g"), name: () => "" },
      // Pull requests and incidents share one count, in the order in which they are opened.
      { pattern: /\[#\d+\]\(\S+\/pulls?\/\d+\)/g, name: () => "[a pull request]" },
      { pattern: /\[#(?!1\])\d+\]\(\S+\/issues\/\d+\)/g, name: () => "[an incident]" },
      // Where no number is shown, the title tells which one is meant.
      {
        pattern: /(?<=\/issues\/|<!-- batchkeeper:acceptance \d+:)\d+\b/g,
        name: (number = "") => incidents.get(Number(number)) ?? number,
      },
      // Ids are given in the order in which things happen in all repositories.
      { pattern: /\b1735\d{7}\b/g, name: (id = "") => run.get(id) ?? id },
      {
        pattern: /(issuecomment-|batchkeeper:(?:reply (?:edit-)?|verification ))(\d+)/g,
        name: (_, before = "", id = "") => before + comment(id),
      },
      // Before the others: names of recipes have numbers too.
      {
        pattern: /^(batchkeeper\/accept-drift-\S+?)-(\d+)$/g,
        name: (_, begins = "", id = "") => `${begins}-${comment(id)}`,
      },
      {
        pattern: /^(batchkeeper\/[a-z][a-z-]*?)-(\d+)((?:-\d+)?)$/g,
        name: (_, verb = "", id = "", position = "") => `${verb}-${comment(id)}${position}`,
      },
      // What was asked is kept with all of these.
      { pattern: /(<!-- batchkeeper:request )[0-9a-f]+/g, name: (_, before = "") => `${before}…` },
      // Revisions depend on the times of commits.
      { pattern: /\b[0-9a-f]{40}\b/g, name: (sha = "") => commits.get(sha) ?? "a commit" },
      { pattern: MOMENT, name: (text = "") => (timetable.isOfThePlay(Date.parse(text)) ? "…" : text) },
      {
        pattern: MINUTE,
        name: (text = "") => (timetable.isOfThePlay(Date.parse(text) + END_OF_MINUTE) ? "…" : text),
      },
      // A hold is named after the comment or commit that asked for it, by a hash.
      { pattern: /\bh-[0-9a-f]{6}\b/g, name: () => "h-…" },
      // A command that is repeated in an answer names its incident by number.
      { pattern: /(?<=`\/batch [^`\n]*)#\d+/g, name: () => "#…" },
      // What waits for two is named by a hash of what it lifts.
      { pattern: /(?<=`\/batch (?:approve|cancel) )[0-9a-f]{8}/g, name: () => "…" },
      // The dashboard shares their count, and may be another issue by now.
      {
        pattern: /(?<=\/issues\/)\d+/g,
        name: (issue = "") => (dashboard.numbers.has(Number(issue)) ? "dashboard" : issue),
      },
      // What answers a tick is named after the drawing and the second of the tick.
      {
        pattern: /(<!-- batchkeeper:reply tick:)\d+:[0-9a-f]{16}:(.*?):[^:]* -->/g,
        name: (_, before = "", box = "") => `${before}${box} -->`,
      },
      { pattern: /(<!-- batchkeeper:dashboard-end )\S+/g, name: (_, before = "") => `${before}…` },
    ];
  }

  in(text: string): string {
    return this.#rules.reduce((named, { pattern, name }) => named.replaceAll(pattern, name), text);
  }
}
