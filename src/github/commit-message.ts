/** Who and what a commit of this app answers to; each becomes a git trailer. */
export interface CommitCause {
  /** Delivery ids of the webhooks. */
  readonly events: readonly string[];
  /** `<run id>.<attempt>` of the runs that were counted. */
  readonly runs?: readonly string[];
  /** URL of the comment that asked for it. */
  readonly command?: string;
  readonly requestedBy?: { readonly login: string; readonly id: number };
  /** The second operator. */
  readonly approvedBy?: { readonly login: string; readonly id: number };
  /** Trailers of something that waits for a second operator: it is sealed, and never merged by this app as it is. */
  readonly approval?: readonly string[];
  /** Trailers that only one kind of commit has. */
  readonly more?: readonly string[];
}

const OWN_TRAILER = /^Batchkeeper-Event: /m;

/** The subject of a commit on the default branch. `[skip ci]`: the change concerns no code, and every run costs minutes. */
export function commitSubject(what: string): string {
  return `chore(batch): ${what} [skip ci]`;
}

/** The trailers of a commit. No word of a user is in it: GitHub acts on words such as "fixes #1" in commit messages. */
export function commitTrailers({
  events,
  runs = [],
  command,
  requestedBy,
  approvedBy,
  approval = [],
  more = [],
}: CommitCause): string {
  const trailers = [
    ...events.map((event) => `Batchkeeper-Event: ${event}`),
    ...runs.map((run) => `Batchkeeper-Run: ${run}`),
    ...(command === undefined ? [] : [`Batchkeeper-Command: ${command}`]),
    ...(requestedBy === undefined ? [] : [`Requested-By: ${requestedBy.login} (${requestedBy.id})`]),
    ...(approvedBy === undefined ? [] : [`Approved-By: ${approvedBy.login} (${approvedBy.id})`]),
    ...approval,
    ...more,
  ];
  return trailers.join("\n");
}

/** The delivery ids that a commit of this app's answers to. */
export function eventsOf(message: string): readonly string[] {
  return Array.from(message.matchAll(/^Batchkeeper-Event: (\S+)$/gm), ([, event = ""]) => event);
}

/** Whether a commit message is one of this app's. */
export function isOwnMessage(message: string): boolean {
  return OWN_TRAILER.test(message);
}

/** Whether it is the message of a commit by which this app counted runs. */
export function isCountMessage(message: string): boolean {
  return isOwnMessage(message) && /^Batchkeeper-Run: /m.test(message);
}

/** Whether it is the message of a commit that this app put right on top of the version that it was computed from. */
export function isDirectMessage(message: string): boolean {
  return isOwnMessage(message) && /^chore\(batch\): .* \[skip ci\]$/.test(message.split("\n", 1)[0] ?? "");
}
