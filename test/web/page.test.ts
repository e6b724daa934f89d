import { describe, expect } from "vitest";
import { MINUTE } from "../../src/domain/instant.ts";
import { createSite } from "../../src/web/page/site.ts";
import { REPOSITORY, test, testIn, type World } from "../scenarios/world.ts";
import { BrowserSession } from "./browser-session.ts";

const PAGE = `/repositories/${REPOSITORY}`;

/** Somebody's browser after they have signed in. */
async function signIn(world: World, login: string, to = PAGE): Promise<BrowserSession> {
  const browser = new BrowserSession();
  await browser.follow(world.github.invite(login, `${world.url}/sign-in?to=${encodeURIComponent(to)}`));
  return browser;
}

/** The page of the repository as somebody sees it. */
async function pageFor(world: World, login: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await (await signIn(world, login)).get(`${world.url}${PAGE}`);
  return { status: response.status, text: await response.text() };
}

/** Where GitHub sends somebody back, not followed. */
async function callbackOf(browser: BrowserSession, world: World, login: string): Promise<string> {
  const begun = await browser.get(`${world.url}/sign-in?to=${PAGE}`);
  const invited = await browser.get(world.github.invite(login, begun.headers.get("location") ?? ""));
  const allowed = await browser.get(invited.headers.get("location") ?? "");
  return allowed.headers.get("location") ?? "";
}

describe("who sees what", () => {
  test("nobody who has not signed in sees anything of a repository", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew — mirror returns 503");
    const response = await fetch(`${world.url}${PAGE}`);
    expect(response.status).toBe(401);
    expect(await response.text()).not.toMatch(/mirror|homebrew/);
  });

  test("an operator sees what is stopped, by whom, why and how it is lifted", async ({ world }) => {
    await world.comment("olga", "/batch stop homebrew --until tomorrow — mirror returns 503");
    const { status, text } = await pageFor(world, "olga");
    expect(status).toBe(200);
    for (const fact of ["mirror returns 503", "olga", "homebrew", "/batch resume --hold h-"])
      expect(text).toContain(fact);
  });

  test("a stranger and a repository that is not there read the same", async ({ world }) => {
    const browser = await signIn(world, "mallory");
    const hidden = await browser.get(`${world.url}${PAGE}`);
    const missing = await browser.get(`${world.url}/repositories/acme/nothing`);
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    expect(await hidden.text()).toEqual(await missing.text());
    const list = await browser.get(`${world.url}/`);
    expect(await list.text()).not.toContain(REPOSITORY);
    expect((await browser.get(`${world.url}${PAGE}/changes`)).status).toBe(404);
  });

  test("whoever loses their access sees nothing a minute later", async ({ world }) => {
    const browser = await signIn(world, "rita");
    expect((await browser.get(`${world.url}${PAGE}`)).status).toBe(200);
    world.github.setRole(REPOSITORY, "rita", "none");
    await world.pass(MINUTE);
    expect((await browser.get(`${world.url}${PAGE}`)).status).toBe(404);
  });

  test("whoever takes back at GitHub what they allowed has to sign in again", async ({ world }) => {
    const browser = await signIn(world, "rita");
    world.github.revokeUserTokens();
    await world.pass(MINUTE);
    const response = await browser.get(`${world.url}${PAGE}`);
    expect(response.status).toBe(401);
    expect(await response.text()).toContain("Sign in with GitHub");
  });

  test("with several repositories the front page lists them, what needs somebody first", async ({ world }) => {
    world.github.createRepository({ owner: "acme", name: "formulas", collaborators: { rita: "read" } });
    await world.comment("olga", "/batch stop everything");
    const browser = await signIn(world, "rita", "/");
    const text = await (await browser.get(`${world.url}/`)).text();
    expect(text.indexOf("acme/recipes")).toBeLessThan(text.indexOf("acme/formulas"));
    expect(text).toContain("Everything is stopped");
  });
});

describe("signing in", () => {
  test("a sign-in that began in another browser is refused", async ({ world }) => {
    const callback = await callbackOf(new BrowserSession(), world, "mallory");
    const victim = new BrowserSession();
    expect((await victim.get(callback)).status).toBe(401);
    expect(victim.cookies.has("batchkeeper-session")).toBe(false);
  });

  test("another state than the one that was sent is refused", async ({ world }) => {
    const browser = new BrowserSession();
    const callback = new URL(await callbackOf(browser, world, "olga"));
    callback.searchParams.set("state", "guessed");
    expect((await browser.get(callback.href)).status).toBe(401);
  });

  test("a callback is good once", async ({ world }) => {
    const browser = new BrowserSession();
    const callback = await callbackOf(browser, world, "olga");
    const attempt = browser.cookies.get("batchkeeper-sign-in") ?? "";
    expect((await browser.get(callback)).status).toBe(302);
    expect((await browser.get(callback)).status).toBe(401);
    // Not even for whoever has kept the cookie: GitHub takes a code once.
    browser.setCookie("batchkeeper-sign-in", attempt);
    expect((await browser.get(callback)).status).toBe(401);
  });

  test("a session that somebody planted before is replaced by the sign-in", async ({ world }) => {
    const planted = (await signIn(world, "mallory")).cookies.get("batchkeeper-session") ?? "";
    const victim = new BrowserSession();
    victim.setCookie("batchkeeper-session", planted);
    await victim.follow(world.github.invite("olga", `${world.url}/sign-in?to=${PAGE}`));
    expect(victim.cookies.get("batchkeeper-session")).not.toBe(planted);
    expect(await (await victim.get(`${world.url}${PAGE}`)).text()).toContain("olga");
  });

  test.for([
    ["a text", "nonsense"],
    ["one whose end was changed", null],
  ] as const)("%s is no session", async ([, value], { world }) => {
    const browser = await signIn(world, "olga");
    const cookie = browser.cookies.get("batchkeeper-session") ?? "";
    browser.setCookie("batchkeeper-session", value ?? `${cookie.slice(0, -2)}AA`);
    expect((await browser.get(`${world.url}${PAGE}`)).status).toBe(401);
  });

  test("the cookie of a sign-in is no session", async ({ world }) => {
    const browser = new BrowserSession();
    await browser.get(`${world.url}/sign-in`);
    browser.setCookie("batchkeeper-session", browser.cookies.get("batchkeeper-sign-in") ?? "");
    expect((await browser.get(`${world.url}${PAGE}`)).status).toBe(401);
  });

  test.for(["https://evil.example/", "//evil.example/", String.raw`/\evil.example`, "javascript:alert(1)"])(
    "nobody is sent to %s",
    async (to, { world }) => {
      const browser = new BrowserSession();
      const begun = await browser.get(`${world.url}/sign-in?to=${encodeURIComponent(to)}`);
      const invited = await browser.get(world.github.invite("olga", begun.headers.get("location") ?? ""));
      const allowed = await browser.get(invited.headers.get("location") ?? "");
      const signed = await browser.get(allowed.headers.get("location") ?? "");
      const target = new URL(signed.headers.get("location") ?? "", world.url);
      expect(target.origin).toBe(world.url);
    },
  );

  test("signing out ends the session, and no other site can do it", async ({ world }) => {
    const browser = await signIn(world, "olga");
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const forged = {
      method: "POST",
      headers: { ...form, origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    };
    expect((await browser.get(`${world.url}/sign-out`, forged)).status).toBe(403);
    expect((await browser.get(`${world.url}${PAGE}`)).status).toBe(200);
    const own = { method: "POST", headers: { ...form, origin: world.url, "sec-fetch-site": "same-origin" } };
    expect((await browser.get(`${world.url}/sign-out`, own)).status).toBe(303);
    expect((await browser.get(`${world.url}${PAGE}`)).status).toBe(401);
  });
});

describe("what is shown", () => {
  const MARKUP = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;

  test("titles and reasons with markup are text", async ({ world }) => {
    await world.comment("olga", `/batch stop homebrew — ${MARKUP}`);
    await world.comment("olga", "/batch incident open");
    await world.github.editIssueAs("olga", REPOSITORY, world.incidents()[0]?.number ?? 0, { title: MARKUP });
    world.github.pushAs("acme", REPOSITORY, "batch/x", { "recipes/f/fish.toml": "" }, "batch_id: 2026-01-28-001\n");
    await world.github.openPullAs("acme", REPOSITORY, {
      title: MARKUP,
      head: "batch/x",
      body: "batch_id: 2026-01-28-001",
    });
    const { text } = await pageFor(world, "olga");
    expect(text.match(/&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt;/g)?.length).toBe(3);
    expect(text).not.toMatch(/<img|<script>|<[^>]*\son[a-z]+=/);
  });

  test("a hold's link leads only to the web", async ({ world }) => {
    await world.editControl("olga", { enabled: false, incident_url: "javascript:alert(1)", reason: "by hand" });
    const { text } = await pageFor(world, "olga");
    expect(text).not.toMatch(/href="javascript/);
  });

  test("what could not be read from GitHub does not read as none", async ({ world }) => {
    const browser = await signIn(world, "olga", "/sign-out");
    world.github.fault({ method: "GET", path: /\/issues\?/, status: 403, times: 1 });
    const text = await (await browser.get(`${world.url}${PAGE}`)).text();
    expect(text).toMatch(/Open incidents[\s\S]*Could not be read from GitHub/);
    expect(text).not.toContain("No incident is open");
    const again = await (await browser.get(`${world.url}${PAGE}`)).text();
    expect(again).toContain("No incident is open");
  });

  test("a control file that cannot be read is told with its position", async ({ world }) => {
    await world.push("olga", { "batch-control.json": '{\n  "enabled": tru\n}\n' });
    const { text } = await pageFor(world, "olga");
    expect(text).toContain("The control file cannot be read");
    expect(text).toMatch(/line 2, column \d+/);
  });

  test("looking again costs GitHub no call while nothing happens, and shows what has happened", async ({ world }) => {
    const browser = await signIn(world, "olga");
    await browser.get(`${world.url}${PAGE}`);
    const mark = world.github.log.length;
    for (let look = 0; look < 5; look += 1) await browser.get(`${world.url}${PAGE}?days=30`);
    expect(world.github.calls(mark)).toEqual([]);
    await world.comment("olga", "/batch stop npm — typosquatting");
    expect(await (await browser.get(`${world.url}${PAGE}`)).text()).toContain("typosquatting");
  });

  test("no cache keeps it, no frame shows it, and no script but its own runs", async ({ world }) => {
    const { headers } = await (await signIn(world, "olga")).get(`${world.url}${PAGE}`);
    expect(headers.get("cache-control")).toBe("private, no-store");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers.has("strict-transport-security")).toBe(false);
  });
});

test("a process that ends lets go of whoever watches", async ({ world }) => {
  const browser = await signIn(world, "olga");
  const changes = await browser.get(`${world.url}${PAGE}/changes`);
  expect(changes.headers.get("content-type")).toContain("text/event-stream");
  const startedAt = performance.now();
  await world.startApp();
  await changes.text().catch(() => "");
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

testIn({ private: true })("outsiders of a private repository see nothing of it", async ({ world }) => {
  expect((await pageFor(world, "mallory")).status).toBe(404);
  expect((await pageFor(world, "rita")).status).toBe(200);
});

testIn({ publicUrl: "https://batchkeeper.example.org" })(
  "behind https cookies are the host's alone, and browsers are told to stay with https",
  async ({ world }) => {
    const response = await fetch(`${world.url}/sign-in`, { redirect: "manual" });
    expect(response.headers.get("strict-transport-security")).toMatch(/max-age=\d{8}/);
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-batchkeeper-sign-in=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const { searchParams } = new URL(response.headers.get("location") ?? "");
    expect(searchParams.get("redirect_uri")).toBe("https://batchkeeper.example.org/sign-in/callback");
    expect(searchParams.get("code_challenge_method")).toBe("S256");
  },
);

test("without a configured sign-in the page says how to set it up, and shows nothing", async ({ world }) => {
  const settings = { viewing: null, publicUrl: null, secret: "a key", now: Date.now, log: console };
  const site = createSite(settings);
  const text = await (await site.request("/")).text();
  expect(text).toContain("GITHUB_CLIENT_ID");
  expect((await site.request(PAGE)).status).toBe(404);
  expect((await site.request("/sign-in")).status).toBe(404);
  expect(world.openIncidents()).toEqual([]);
});
