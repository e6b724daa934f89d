import { fc } from "@fast-check/vitest";
import type { LaterCommit } from "../../../src/domain/batches/later-commit.ts";
import type { PathChange, Tree, TreeFile } from "../../../src/domain/batches/tree-change.ts";
import { changesBetween } from "../../../src/domain/batches/tree-change.ts";

/** Something that happens to a repository of recipes. Numbers choose among what there is at that moment. */
export type Happening =
  | {
      readonly kind: "batch";
      readonly id: number;
      readonly adds: number;
      readonly changes: readonly number[];
      readonly removes: readonly number[];
      readonly how: "squash" | "merge" | "rebase";
    }
  | { readonly kind: "edit" | "deletion" | "rename"; readonly which: number }
  | { readonly kind: "sweep" | "elsewhere" };

const which = fc.nat({ max: 1000 });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("batch" as const),
      id: fc.nat({ max: 2 }),
      adds: fc.nat({ max: 4 }),
      changes: fc.array(which, { maxLength: 2 }),
      removes: fc.array(which, { maxLength: 1 }),
      how: fc.constantFrom("squash" as const, "merge" as const, "rebase" as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("edit", "deletion", "rename" as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("sweep", "elsewhere" as const) }) },
) as fc.Arbitrary<Happening>;

/** A history that begins after a batch of id 0, so that there is always one to take back. */
export function happenings(most: number): fc.Arbitrary<readonly Happening[]> {
  const first: Happening = { kind: "batch", id: 0, adds: 3, changes: [1, 40], removes: [7], how: "squash" };
  return fc.array(happening, { maxLength: most }).map((rest) => [first, ...rest]);
}

/** Who changed a path. */
type Actor = { readonly kind: "batch"; readonly id: number } | { readonly kind: "sweep" } | { readonly kind: "person" };

/** What one happening does to the files: path to content, null deletes. */
export interface Step {
  readonly actor: Actor;
  readonly files: ReadonlyMap<string, string | null>;
}

// More recipes than a sweep needs to be one.
const AT_FIRST = 60;

/** The files of a repository, and for each path who left what in it: an honest, slow model. */
export class RecipeModel {
  readonly files = new Map<string, string>();
  readonly #logs = new Map<string, { readonly actor: Actor; readonly before: string | null }[]>();
  #serial = 0;

  constructor() {
    this.files.set("README.md", "read me");
    for (let index = 0; index < AT_FIRST; index++)
      this.files.set(`recipes/${index % 10}/r${index}.toml`, `first ${index}`);
  }

  /** What a happening comes to now, without doing it; every content is new in the world. */
  step(happening: Happening): Step {
    switch (happening.kind) {
      case "batch":
        return { actor: { kind: "batch", id: happening.id }, files: this.#batchFiles(happening) };
      case "edit":
        return this.#person(this.#chosen(happening.which).map((path) => [path, this.#content("person")]));
      case "deletion":
        return this.#person(this.#chosen(happening.which).map((path) => [path, null]));
      case "rename":
        return this.#person(
          this.#chosen(happening.which).flatMap((path): [string, string | null][] => [
            [path, null],
            [`recipes/moved/m${this.#next()}.toml`, this.files.get(path) ?? ""],
          ]),
        );
      case "sweep": {
        const swept = this.#recipes().map((path) => [path, `${this.files.get(path)}\nswept ${this.#next()}`] as const);
        return { actor: { kind: "sweep" }, files: new Map(swept) };
      }
      case "elsewhere":
        return this.#person([[`data/failures/${this.#next()}.jsonl`, this.#content("person")]]);
    }
  }

  apply({ actor, files }: Step): void {
    for (const [path, content] of files) {
      const before = this.files.get(path) ?? null;
      if (before === content) continue;
      this.#logs.getOrInsertComputed(path, () => []).push({ actor, before });
      if (content === null) this.files.delete(path);
      else this.files.set(path, content);
    }
  }

  /**
   * What a path should be once a batch is taken back: what was there before the last run of changes that the batch made, if
   * nobody changed it after; otherwise what is there.
   */
  afterRollback(path: string, id: number, includeSwept: boolean): string | null {
    const log = [...(this.#logs.get(path) ?? [])];
    const now = this.files.get(path) ?? null;
    while (includeSwept && log.at(-1)?.actor.kind === "sweep") log.pop();
    let result = now;
    for (let entry = log.pop(); entry?.actor.kind === "batch" && entry.actor.id === id; entry = log.pop()) {
      result = entry.before;
    }
    return result;
  }

  /** Every path that ever was. */
  paths(): readonly string[] {
    return [...new Set([...this.files.keys(), ...this.#logs.keys()])];
  }

  #batchFiles({ adds, changes, removes }: Extract<Happening, { kind: "batch" }>): ReadonlyMap<string, string | null> {
    const files = new Map<string, string | null>();
    for (let index = 0; index < adds; index++) {
      const serial = this.#next();
      files.set(`recipes/${serial % 10}/b${serial}.toml`, this.#content("batch"));
    }
    for (const path of changes.flatMap((choice) => this.#chosen(choice))) files.set(path, this.#content("batch"));
    for (const path of removes.flatMap((choice) => this.#chosen(choice))) if (!files.has(path)) files.set(path, null);
    return files;
  }

  #person(files: readonly (readonly [string, string | null])[]): Step {
    return { actor: { kind: "person" }, files: new Map(files) };
  }

  #chosen(choice: number): readonly string[] {
    const recipes = this.#recipes();
    // The newest first: what a batch has just brought is what people touch.
    const path = recipes.toReversed()[choice % Math.max(1, recipes.length)];
    return path === undefined ? [] : [path];
  }

  #recipes(): readonly string[] {
    return [...this.files.keys()].filter((path) => path.startsWith("recipes/"));
  }

  #content(by: string): string {
    return `${by} ${this.#next()}`;
  }

  #next(): number {
    this.#serial += 1;
    return this.#serial;
  }
}

/** The recipes of a model as a tree; contents stand for their blobs. */
export function treeOf(files: ReadonlyMap<string, string>): Tree {
  const recipes = [...files].filter(([path]) => path.startsWith("recipes/"));
  return new Map(recipes.map(([path, sha]): [string, TreeFile] => [path, { mode: "100644", sha }]));
}

/** A commit of a model's history. */
export interface ModelCommit {
  readonly actor: Actor;
  readonly changes: readonly PathChange[];
}

export function commitOf(
  actor: Actor,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): ModelCommit {
  return { actor, changes: changesBetween(treeOf(before), treeOf(after)) };
}

/** What GitHub would list of the commits that changed a path, newest first. */
export function laterCommitsOf(path: string, commits: readonly ModelCommit[]): readonly LaterCommit[] {
  return commits.toReversed().flatMap(({ actor, changes }, index): LaterCommit[] => {
    const change = changes.find((candidate) => candidate.path === path);
    if (change === undefined) return [];
    return [
      {
        sha: String(index),
        url: "",
        headline: actor.kind,
        author: actor.kind,
        date: "",
        before: change.before?.sha ?? null,
        after: change.after?.sha ?? null,
        recipes: changes.length,
        isBatch: actor.kind === "batch",
      },
    ];
  });
}
