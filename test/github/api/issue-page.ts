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
      .map(({ body }) => `<pre>${attribute(body)}</pre>`);
    const form = `<form method="post"><label>Comment <textarea id="new_comment_field" name="body"></textarea></label> <button>Comment</button></form>`;
    return document(
      issue.title,
      `<h1>${attribute(issue.title)}</h1>${comments.join("")}${login(context.req.raw) ? form : ""}`,
    );
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

function placeOf(context: Parameters<EmulatorHandler>[0]) {
  return {
    repository: `${context.req.param("owner")}/${context.req.param("repo")}`,
    number: Number(context.req.param("number")),
  };
}
