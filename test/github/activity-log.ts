import type { Json } from "./json.ts";

/** What moved a branch, as GitHub's activity view tells. */
export type ActivityType = "push" | "force_push" | "pr_merge" | "branch_creation" | "branch_deletion";

export interface Activity {
  readonly id: number;
  readonly repositoryId: number;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly type: ActivityType;
  /** Account of whoever did it. */
  readonly actor: Json;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** What moved branches: emulate does not keep it, so it lives beside its store. */
export class ActivityLog {
  readonly #activities: Activity[] = [];

  add(activity: Omit<Activity, "id">): void {
    this.#activities.push({ ...activity, id: this.#activities.length + 1 });
  }

  /** Newest first. */
  of(repositoryId: number): readonly Activity[] {
    return this.#activities.filter((activity) => activity.repositoryId === repositoryId).reverse();
  }
}
