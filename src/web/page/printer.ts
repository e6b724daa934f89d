import type { Context } from "hono";
import type { readAssets } from "./assets.ts";
import { plainPage } from "./door-page.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";

/** What is shown on a page. */
interface Shown {
  readonly title: string;
  readonly body: Html;
  /** Login of who has signed in. */
  readonly login?: string;
  /** Where changes of the page are told of. */
  readonly changes?: string;
}

type Status = 200 | 401 | 404 | 502;

/** Answers with pages. */
export class Printer {
  readonly #assets: ReturnType<typeof readAssets>;

  constructor(assets: ReturnType<typeof readAssets>) {
    this.#assets = assets;
  }

  page(context: Context, status: Status, { login = "", changes = "", ...shown }: Shown) {
    const title = `${shown.title} · Batchkeeper`;
    return context.html(layout({ ...shown, login, changes, title, assets: this.#assets }), status);
  }

  /** A page that says one thing. */
  plain(context: Context, status: Status, title: string, text: string) {
    return this.page(context, status, { title, body: plainPage(title, text) });
  }
}
