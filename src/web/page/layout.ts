import { html } from "hono/html";
import type { Asset } from "./assets.ts";
import type { Html } from "./html.ts";

interface Shell {
  readonly title: string;
  readonly body: Html;
  /** Login of who has signed in; "" for nobody. */
  readonly login: string;
  /** Where changes are told of; "" for a page that does not change. */
  readonly changes: string;
  readonly assets: { readonly css: Asset; readonly js: Asset };
}

/** The page around what is shown. The script is told by attributes what it needs: there is none inside the page. */
export function layout({ title, body, login, changes, assets }: Shell): Html {
  const who =
    login === ""
      ? ""
      : html`<form method="post" action="/sign-out"><span class="login">${login}</span> <button>Sign out</button></form>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assets.css.url}">
<script type="module" src="${assets.js.url}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header><a class="brand" href="/?all"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2 3 6v6c0 5 3.8 8.6 9 10 5.2-1.4 9-5 9-10V6z"/><path class="tick" d="m7.5 12 3 3 6-6.5"/></svg>Batchkeeper</a><p id="live" role="status"></p>${who}</header>
<main id="main" ${changes === "" ? "" : html`data-changes="${changes}"`}>
${body}
</main>
</body>
</html>`;
}
