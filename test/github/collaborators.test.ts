import { expect } from "vitest";
import { test } from "./contract-test.ts";

const ROLES = { ada: "admin", mo: "maintain", wim: "write", tri: "triage", rea: "read" } as const;

test.for([
  ["acme", "admin", "admin"],
  ["ada", "admin", "admin"],
  ["mo", "write", "maintain"],
  ["wim", "write", "write"],
  ["tri", "read", "triage"],
  ["rea", "read", "read"],
  ["stranger", "read", "read"],
] as const)(
  "on a public repository %s has permission %s and role %s",
  async ([login, permission, role], { client, github }) => {
    const repo = github.createRepository({ owner: "acme", name: "public", collaborators: ROLES });
    const { id } = github.createUser(login);
    expect(await client.call("GET", `/repos/${repo}/collaborators/${login}/permission`)).toMatchObject({
      status: 200,
      body: { permission, role_name: role, user: { login, id, type: "User" } },
    });
  },
);

test("on a private repository a stranger has permission none", async ({ client, github }) => {
  const repo = github.createRepository({ owner: "acme", name: "secret", private: true });
  github.createUser("stranger");
  const answer = await client.call("GET", `/repos/${repo}/collaborators/stranger/permission`);
  expect(answer).toMatchObject({ status: 200, body: { permission: "none" } });
});

test("the permission of someone unknown is 404", async ({ client, repo }) => {
  expect((await client.call("GET", `/repos/${repo}/collaborators/nobody/permission`)).status).toBe(404);
});

test("logins are compared without regard to case", async ({ client, repo }) => {
  const answer = await client.call("GET", `/repos/${repo.toUpperCase()}/collaborators/OLGA/permission`);
  expect(answer.body).toMatchObject({ permission: "write", user: { login: "olga" } });
});

test("a member of the organization reads, whatever their team is not given", async ({ client, github }) => {
  github.createOrganization("org", { members: ["tom"] });
  const repo = github.createRepository({ owner: "org", name: "recipes" });
  const answer = await client.call("GET", `/repos/${repo}/collaborators/tom/permission`);
  expect(answer.body).toMatchObject({ permission: "read" });
});

test("team membership is active for members and 404 for others", async ({ client, github }) => {
  github.createOrganization("org", { operators: ["tom"] });
  github.createRepository({ owner: "org", name: "recipes" });
  github.createUser("eve");
  const membership = (login: string) => client.call("GET", `/orgs/org/teams/operators/memberships/${login}`);
  expect(await membership("tom")).toMatchObject({ status: 200, body: { state: "active", role: "member" } });
  expect((await membership("eve")).status).toBe(404);
});

test("team membership needs members: read", async ({ client, github }) => {
  github.createOrganization("org", { operators: ["tom"] });
  github.createRepository({ owner: "org", name: "recipes" });
  github.setPermissions({ metadata: "read" });
  expect((await client.call("GET", "/orgs/org/teams/operators/memberships/tom")).status).toBe(403);
});
