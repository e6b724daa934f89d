import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import type { EmulatorHandler } from "../emulator.ts";
import { ensureUser, userToken } from "../seed.ts";
import { findRepository, type Site } from "../site.ts";
import { attribute, document } from "./oauth.ts";

/** The page of an issue, as far as people read and comment there in a browser. Whoever has signed in to this GitHub may. */
export function issuePageRoutes(site: Site, inside: () => (request: Request) => Promise<Response>): void {
  const { router, oauth, db } = site;
  const login = (request: Request) => {
    const session = /(?:^|; )user_session=([^;]+)/.exec(request.headers.get("cookie") ?? "")?.[1];
    return oauth.sessions.get(session ?? "") ?? null;
  };
  const show: EmulatorHandler = (context) => {
    const { repository, number } = placeOf(context);
    const row = findRepository(db, repository);
    const issue = db.issues.findBy("repo_id", row?.id ?? -1).find((candidate) => candidate.number === number);
    if (!row || !issue) return new Response("Not Found", { status: 404 });
    const comments = db.comments
      .findBy("repo_id", row.id)
      .filter((comment) => comment.issue_number === number)
      .map(({ user_id, body }) => said(site, user_id, body));
    const labels = issue.label_ids.map(
      (id) => `<span class="label">${attribute(db.labels.get(id)?.name ?? "")}</span>`,
    );
    const form = `<form method="post"><label>Comment <textarea id="new_comment_field" name="body"></textarea></label> <button>Comment</button></form>`;
    const head = `<style>${STYLE}</style><h1>${attribute(issue.title)} <i>#${number}</i></h1><p><span class="state ${issue.state}">${issue.state}</span> ${labels.join(" ")}</p>`;
    const thread = [said(site, issue.user_id, issue.body ?? ""), ...comments].join("");
    return document(issue.title, `<main>${head}${thread}${login(context.req.raw) ? form : ""}</main>`);
  };
  router.on("GET", "/:owner/:repo/issues/:number{[0-9]+}", show);
  router.on("POST", "/:owner/:repo/issues/:number{[0-9]+}", async (context) => {
    const { repository, number } = placeOf(context);
    const who = login(context.req.raw);
    if (who === null) return new Response("Not Found", { status: 404 });
    ensureUser(site, who);
    const body = new URLSearchParams(await context.req.raw.text()).get("body") ?? "";
    const answer = await inside()(
      new Request(`${site.url}/repos/${repository}/issues/${number}/comments`, {
        method: "POST",
        headers: { authorization: `Bearer ${userToken(who)}`, "content-type": "application/json" },
        body: JSON.stringify({ body: body.replaceAll("\r\n", "\n") }),
      }),
    );
    if (!answer.ok) return answer;
    return new Response(null, { status: 302, headers: { location: `/${repository}/issues/${number}` } });
  });
}

/** Somebody's words, as Markdown. Raw HTML is shown, not rendered, and what stands in HTML comments is not there. */
function said(site: Site, author: number, markdown: string): string {
  const visible = markdown.replaceAll(/<!--.*?-->/gs, "");
  const html = micromark(visible, { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  return `<article><header>${attribute(site.db.users.get(author)?.login ?? "ghost")}</header>${html}</article>`;
}

const STYLE = `body{margin:0;font:14px/1.5 system-ui,"DejaVu Sans",sans-serif;color:#1f2328;background:#fff}main{max-width:880px;margin:0 auto;padding:24px}
h1{font-size:28px;font-weight:400;margin:0 0 8px}h1 i{font-style:normal;color:#59636e}.state,.label{border-radius:2em;padding:3px 10px;font-size:12px;font-weight:600}
.state{color:#fff;background:#1a7f37}.state.closed{background:#8250df}.label{border:1px solid #d1d9e0}article{border:1px solid #d1d9e0;border-radius:6px;margin:16px 0;padding:0 16px 8px;overflow-wrap:anywhere}
article header{margin:0 -16px 12px;padding:8px 16px;background:#f6f8fa;border-bottom:1px solid #d1d9e0;font-weight:600;border-radius:6px 6px 0 0}code{background:#eff1f3;padding:.1em .3em;border-radius:4px;font-size:85%}
table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:4px 10px}h2,h3{border-bottom:1px solid #d1d9e0;padding-bottom:4px}textarea{display:block;width:100%;height:80px;margin:6px 0}`;

function placeOf(context: Parameters<EmulatorHandler>[0]) {
  return {
    repository: `${context.req.param("owner")}/${context.req.param("repo")}`,
    number: Number(context.req.param("number")),
  };
}
