import { html } from "hono/html";
import type { Html } from "./html.ts";

/** What is shown to somebody who has not signed in. */
export function signInPage(target: string): Html {
  const query = new URLSearchParams({ to: target });
  return html`<section class="door"><h1>Batchkeeper</h1>
<p>What is stopped and why, which breakers are open, what the week's budget does: for the repositories that GitHub shows you.</p>
<p><a class="button" href="/sign-in?${query}">Sign in with GitHub</a></p></section>`;
}

/** What is shown where nobody can sign in yet: how that is changed, and nothing else. */
export function notConfiguredPage(): Html {
  return html`<section class="door"><h1>Batchkeeper</h1>
<p>This page shows repositories to the people to whom GitHub shows them. For that they sign in with GitHub, which is not set up here yet.</p>
<ol><li>On the app's settings page at GitHub, generate a client secret, and set the callback URL to <code>https://&lt;this host&gt;/sign-in/callback</code>.</li>
<li>Set <code>GITHUB_CLIENT_ID</code>, <code>GITHUB_CLIENT_SECRET</code> and <code>PUBLIC_URL</code> in the environment of Batchkeeper.</li>
<li>Start it again.</li></ol></section>`;
}

/** A page that says one thing, and how to go on. */
export function plainPage(title: string, text: string): Html {
  return html`<section class="door"><h1>${title}</h1><p>${text}</p><p><a class="button" href="/">Go on</a></p></section>`;
}
