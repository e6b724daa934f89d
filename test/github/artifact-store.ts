/** Something a run left behind. */
export interface Artifact {
  readonly id: number;
  readonly runId: number;
  readonly name: string;
  /** The archive as it is downloaded. */
  readonly bytes: Uint8Array;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly expired: boolean;
}

/** GitHub's ids of artifacts have ten digits. */
const FIRST_ID = 5_200_000_001;

/** Artifacts: emulate has none, so they live beside its store. */
export class ArtifactStore {
  readonly #all: Artifact[] = [];

  add(artifact: Omit<Artifact, "id">): Artifact {
    const added = { ...artifact, id: FIRST_ID + this.#all.length };
    this.#all.push(added);
    return added;
  }

  get(id: number): Artifact | undefined {
    return this.#all.find((artifact) => artifact.id === id);
  }

  /** Newest first, as GitHub lists them. */
  list(filter: { readonly runIds: ReadonlySet<number>; readonly name: string | undefined }): readonly Artifact[] {
    const { runIds, name } = filter;
    return this.#all
      .filter((artifact) => runIds.has(artifact.runId) && (name === undefined || artifact.name === name))
      .toReversed();
  }
}
