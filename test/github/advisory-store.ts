/** A security advisory of a repository. */
export interface Advisory {
  readonly ghsaId: string;
  readonly repositoryId: number;
  readonly summary: string;
  readonly description: string;
  readonly severity: string | null;
  readonly state: "triage" | "draft" | "published" | "closed";
  readonly vulnerabilities: readonly { readonly name: string | null; readonly range: string | null }[];
  readonly author: number;
  /** Whether somebody without access reported it privately. */
  readonly isReport: boolean;
  readonly createdAt: string;
}

/** Security advisories: emulate has none, so they live beside its store. */
export class AdvisoryStore {
  readonly #rows: Advisory[] = [];

  /** Newest first. */
  of(repositoryId: number): readonly Advisory[] {
    return this.#rows.filter((row) => row.repositoryId === repositoryId).toReversed();
  }

  add(advisory: Omit<Advisory, "ghsaId" | "createdAt">): Advisory {
    const ghsaId = `GHSA-2222-3333-${(this.#rows.length + 1).toString().padStart(4, "4")}`;
    const row = { ...advisory, ghsaId, createdAt: new Date().toISOString() };
    this.#rows.push(row);
    return row;
  }

  setState(ghsaId: string, state: Advisory["state"]): void {
    const index = this.#rows.findIndex((row) => row.ghsaId === ghsaId);
    const row = this.#rows[index];
    if (row !== undefined) this.#rows[index] = { ...row, state };
  }
}
