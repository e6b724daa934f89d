import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Viewing } from "../../view/viewing.ts";

/** Some proxies end a connection on which nothing comes for a minute. */
const HEARTBEAT = 25_000;
/** After this long a stream ends and the browser comes again: GitHub is then asked anew whether it shows the repository. */
const LONGEST_STREAM = 60_000;

type Repository = Parameters<Viewing["board"]["watch"]>[0];

/** Tells, as server-sent events, whenever something has happened in a repository. */
export function changeStream(context: Context, { board, closing }: Viewing, repository: Repository): Response {
  return streamSSE(context, async (stream) => {
    const ended = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LONGEST_STREAM);
      const end = () => {
        clearTimeout(timer);
        closing.removeEventListener("abort", end);
        resolve();
      };
      stream.onAbort(end);
      closing.addEventListener("abort", end);
    });
    const beat = setInterval(() => void stream.write(": here\n\n"), HEARTBEAT);
    const unwatch = board.watch(repository, () => void stream.writeSSE({ event: "change", data: "" }));
    try {
      await stream.write("retry: 1000\n\n");
      await ended;
    } finally {
      unwatch();
      clearInterval(beat);
    }
  });
}
