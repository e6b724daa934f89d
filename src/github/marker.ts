/** What a hidden marker says: what kind of thing carries it, and for which cause. */
export interface Marker {
  readonly kind:
    | "reply"
    | "reply-begun"
    | "request"
    | "request-end"
    | "incident"
    | "incident-update"
    | "settlement"
    | "rollback"
    | "rollback-end"
    | "hold-ending"
    | "hold-ended"
    | "approval-end"
    | "approval-review"
    | "verification"
    | "acceptance"
    | "acceptance-end"
    | "advisory"
    | "dashboard"
    | "dashboard-end"
    | "offer";
  readonly key: string;
}

// The key is made of ids and well-formed names; anything else is encoded, so that no text can end the HTML comment.
const MARKER = /^<!-- batchkeeper:([a-z-]+) ([A-Za-z0-9%._~:*-]+) -->(?:\n|$)/;

/** The first line of everything this app writes into threads: how it finds its own again without the search index. */
export function printMarker({ kind, key }: Marker): string {
  return `<!-- batchkeeper:${kind} ${encodeURIComponent(key).replaceAll("%3A", ":").replaceAll("--", "%2D%2D")} -->`;
}

/** The key of the marker of a kind that a text starts with; null when it starts with none. */
export function readMarker(text: string | null | undefined, kind: Marker["kind"]): string | null {
  const match = MARKER.exec(text ?? "");
  if (match?.[1] !== kind || match[2] === undefined) return null;
  try {
    return decodeURIComponent(match[2]);
  } catch {
    // Whoever may edit the text may write anything.
    return null;
  }
}

/** Whether a text starts with exactly this marker. Only the very first line counts: quoted markers are just text. */
export function hasMarker(text: string | null | undefined, marker: Marker): boolean {
  const match = MARKER.exec(text ?? "");
  return match !== null && match[0].trimEnd() === printMarker(marker);
}
