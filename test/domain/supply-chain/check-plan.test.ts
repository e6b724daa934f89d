import { describe, expect, test } from "vitest";
import { listedHash, planChecks, readHash } from "../../../src/domain/supply-chain/check-plan.ts";

const SHA256 = "0123456789abcdef".repeat(4);
const SHA512 = SHA256 + SHA256;
const LATEST = { version: null };

function plan(fields: string, fill: { version: string | null } = LATEST, more = "") {
  return planChecks(`[metadata]\nname = "x"\n${more}\n[[steps]]\n${fields}\n`, fill);
}

describe("a recipe is verified by", () => {
  test("the checksum that it gives", () => {
    expect(
      plan(`action = "download"\nurl = "https://a.example/x.tgz"\nchecksum = "sha256:${SHA256.toUpperCase()}"`),
    ).toEqual({
      checks: [
        {
          action: "download",
          url: "https://a.example/x.tgz",
          published: { kind: "hash", hash: { name: "sha256", digits: SHA256 } },
        },
      ],
      without: [],
      asksVersion: false,
    });
  });

  test("the list that it names, for a version that somebody names", () => {
    const fields = `action = "download"\nurl = "https://r.example/b/{version}/b_{version}_{os}_{arch}.zip"\nchecksum_url = "https://r.example/b/{version}/b_{version}_SHA256SUMS"\nwhen = { os = ["darwin"] }\nos_mapping = { darwin = "macOS" }`;
    expect(plan(fields)).toMatchObject({
      checks: [],
      asksVersion: true,
      without: ["download: it holds for one version"],
    });
    expect(plan(fields, { version: "1.2.3" })?.checks).toEqual([
      {
        action: "download",
        url: "https://r.example/b/1.2.3/b_1.2.3_macOS_amd64.zip",
        published: { kind: "list", url: "https://r.example/b/1.2.3/b_1.2.3_SHA256SUMS" },
      },
    ]);
  });

  test("the list among the assets of its release", () => {
    const fields = `action = "github_archive"\nrepo = "vale-cli/vale"\nasset_pattern = "vale_{version}_{os}_{arch}.tar.gz"\nchecksum_asset = "vale_{version}_checksums.txt"\nos_mapping = { linux = "Linux" }\narch_mapping = { amd64 = "64-bit" }`;
    expect(plan(fields, { version: "3.1" }, '[version]\ntag_prefix = "v"')?.checks).toMatchObject([
      {
        url: "https://github.com/vale-cli/vale/releases/download/v3.1/vale_3.1_Linux_64-bit.tar.gz",
        published: { url: "https://github.com/vale-cli/vale/releases/download/v3.1/vale_3.1_checksums.txt" },
      },
    ]);
  });
});

test.each([
  ["it gives none", 'action = "download"\nurl = "https://a.example/x"', ["download: it gives no checksum"]],
  [
    "it asks for what is not known here",
    `action = "download"\nurl = "https://a.example/{libc}"\nchecksum = "${SHA256}"`,
    ["download: nobody here knows {libc}"],
  ],
  [
    "it is looked up elsewhere",
    'action = "download"\nurl = "https://a.example/x"\nchecksum = "{version.checksum}"',
    ["download: nobody here knows {version.checksum}"],
  ],
  [
    "it is of another kind",
    'action = "download"\nurl = "https://a.example/x"\nchecksum = "md5:00"',
    ["download: its checksum is none of SHA-256 or SHA-512"],
  ],
  ["a package manager has it", 'action = "homebrew"\nformula = "x"', []],
])("no checksum is compared when %s", (_, fields, without) => {
  expect(plan(fields)).toMatchObject({ checks: [], without });
});

test("at most four files of a recipe are downloaded, each once", () => {
  const step = (name: string) =>
    `[[steps]]\naction = "download"\nurl = "https://a.example/${name}"\nchecksum = "${SHA256}"\n`;
  expect(
    planChecks(["a", "a", "b", "c", "d", "e"].map(step).join(""), LATEST)?.checks.map(({ url }) => url.at(-1)),
  ).toEqual(["a", "b", "c", "d"]);
});

test("what is no TOML has no plan", () => expect(planChecks("[[steps", LATEST)).toBeNull());

test.each([
  ["coreutils", `${"f".repeat(64)}  other.zip\n${SHA256}  b.zip\n`],
  ["coreutils in binary mode", `${SHA256} *b.zip\r\n`],
  ["a folder", `${SHA256}  ./dist/b.zip`],
  ["BSD", `SHA256 (b.zip) = ${SHA256}`],
  ["the digits alone", `${SHA256}\n`],
])("a checksum is found in a list as of %s", (_, list) => {
  expect(listedHash(list, "https://a.example/x/b.zip?y")).toEqual({ name: "sha256", digits: SHA256 });
});

test("a file that is not in the list has no checksum, whatever else is in it", () => {
  expect(listedHash(`${SHA256}  other.zip\n`, "https://a.example/b.zip")).toBeNull();
  expect(listedHash(`${SHA256}\n${SHA256}\n`, "https://a.example/b.zip")).toBeNull();
  expect(listedHash("<html>not found</html>", "https://a.example/b.zip")).toBeNull();
  expect(listedHash(`${SHA256}  ab.zip`, "https://a.example/b.zip")).toBeNull();
});

test("hashes are known by their length", () => {
  expect(readHash(SHA512)).toEqual({ name: "sha512", digits: SHA512 });
  expect(readHash(SHA256.slice(1))).toBeNull();
  expect(readHash("")).toBeNull();
});
