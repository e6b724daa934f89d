import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import tls from "node:tls";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Downloader } from "../../src/download/downloader.ts";
import { isPublicAddress, type Reach } from "../../src/download/public-address.ts";
import { SELF_SIGNED, TRUSTED } from "./certificates.ts";
import { loopbackServer } from "./loopback-server.ts";

const MEGABYTE = 1_000_000;
const LIMITS = { bytes: MEGABYTE, time: 5000, redirects: 3 };

/** In tests 127.0.0.1 stands for the public internet, and all names lead there; the rest of the world is out of reach. */
const REACH: Reach = {
  isAllowed: (address) => address === "127.0.0.1",
  resolve: async () => [{ address: "127.0.0.1", family: 4 }],
};

const before = tls.getCACertificates("default");
beforeAll(() => tls.setDefaultCACertificates([...before, TRUSTED.cert]));
afterAll(() => tls.setDefaultCACertificates(before));

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

describe("a file", () => {
  test("is hashed as it is published, after redirects to other hosts too", async () => {
    await using server = await loopbackServer(({ url }, response) => {
      if (url === "/file") response.end("content");
      else response.writeHead(302, { location: `https://cdn.files.example:${server.port}/file` }).end("moved");
    });
    const download = await new Downloader(REACH).hash(`https://good.files.example:${server.port}/`, "sha256", LIMITS);
    expect(download).toEqual({ kind: "downloaded", content: sha256("content"), bytes: 7, host: "cdn.files.example" });
  });

  test("that is an archive is not unpacked: what is hashed are its bytes", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * MEGABYTE));
    await using server = await loopbackServer((_, response) => {
      response.writeHead(200, { "content-type": "application/gzip" }).end(bomb);
    });
    const download = await new Downloader(REACH).hash(
      `https://good.files.example:${server.port}/x.gz`,
      "sha256",
      LIMITS,
    );
    expect(download).toMatchObject({ content: sha256(bomb), bytes: bomb.length });
  });

  test("of many megabytes goes through the hash without staying in memory", { timeout: 60_000 }, async () => {
    const chunks = 4500;
    await using server = await loopbackServer((_, response) => void repeat(chunks).pipe(response));
    const memory = watchMemory();
    const limits = { ...LIMITS, bytes: chunks * CHUNK.length, time: 60_000 };
    const download = await new Downloader(REACH).hash(`https://good.files.example:${server.port}/`, "sha256", limits);
    expect(download).toMatchObject({ bytes: chunks * CHUNK.length });
    expect(memory.risen()).toBeLessThan(150 * MEGABYTE);
  });
});

describe("refused by name is", () => {
  async function refused(address: string, reach = REACH, limits = LIMITS) {
    const download = await new Downloader(reach).hash(address, "sha256", limits);
    return download.kind === "refused" ? download.why : download;
  }

  test("what is not https, by itself or by a redirect", async () => {
    expect(await refused("http://good.files.example/")).toBe("not-https");
    expect(await refused("file:///etc/passwd")).toBe("not-https");
    await using server = await loopbackServer((_, response) => {
      response.writeHead(301, { location: "http://good.files.example/" }).end();
    });
    expect(await refused(`https://good.files.example:${server.port}/`)).toBe("not-https");
  });

  test.each(["", "//", "https://", "https://user:secret@good.files.example/"])("no address: %s", async (address) => {
    expect(await refused(address)).toBe("bad-address");
  });

  test.each(["127.0.0.2", "2130706434", "0x7f.1.2", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "0"])(
    "a private address: %s",
    async (host) => {
      expect(await refused(`https://${host}/`)).toBe("not-public");
    },
  );

  test("a name that leads to a private address, even as one of several", async () => {
    const resolve = async () => [
      { address: "127.0.0.1", family: 4 },
      { address: "10.0.0.1", family: 4 },
    ];
    expect(await refused("https://good.files.example/", { ...REACH, resolve })).toBe("not-public");
  });

  test.for(["https://10.0.0.1/", "https://[fd00::1]/", "//169.254.169.254/latest/meta-data/"])(
    "a redirect to a private address: %s",
    async (location) => {
      await using server = await loopbackServer((_, response) => response.writeHead(302, { location }).end());
      expect(await refused(`https://good.files.example:${server.port}/`)).toBe("not-public");
      expect(server.asked()).toBe(1);
    },
  );

  test("a name whose answer changes: the second answer is judged too, and the address judged is the one connected to", async () => {
    const answers = ["127.0.0.1", "127.0.0.2"];
    await using inside = await loopbackServer((_, response) => response.end("secret"), { address: "127.0.0.2" });
    await using server = await loopbackServer((_, response) => response.writeHead(302, { location: "/again" }).end(), {
      port: inside.port,
    });
    const resolve = async () => [{ address: answers.shift() ?? "127.0.0.2", family: 4 }];
    expect(await refused(`https://good.files.example:${server.port}/`, { ...REACH, resolve })).toBe("not-public");
    expect([server.asked(), inside.asked()]).toEqual([1, 0]);
  });

  test("a body without end, at the limit, and memory stays flat", { timeout: 60_000 }, async () => {
    await using server = await loopbackServer((_, response) => void repeat(Number.POSITIVE_INFINITY).pipe(response));
    const memory = watchMemory();
    const limits = { ...LIMITS, bytes: 290 * MEGABYTE, time: 60_000 };
    expect(await refused(`https://good.files.example:${server.port}/`, REACH, limits)).toBe("too-large");
    expect(memory.risen()).toBeLessThan(150 * MEGABYTE);
  });

  test("a body that says it is too large, before it is read", async () => {
    await using server = await loopbackServer((_, response) => {
      response.writeHead(200, { "content-length": 10 * MEGABYTE }).write("x");
    });
    expect(await refused(`https://good.files.example:${server.port}/`)).toBe("too-large");
  });

  test.for(["headers", "body"])("a server that is slow with its %s, in the time of all", async (part) => {
    await using server = await loopbackServer((_, response) => {
      if (part === "headers") return;
      response.writeHead(200);
      const drip = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(drip));
    });
    const start = performance.now();
    expect(await refused(`https://good.files.example:${server.port}/`, REACH, { ...LIMITS, time: 400 })).toBe(
      "too-slow",
    );
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test("a server that redirects for ever", async () => {
    await using server = await loopbackServer(({ url }, response) => {
      response.writeHead(302, { location: `${url}x` }).end();
    });
    expect(await refused(`https://good.files.example:${server.port}/`)).toBe("too-many-redirects");
    expect(server.asked()).toBe(4);
  });

  test("a body that was compressed on the way: a bomb is never unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * MEGABYTE));
    await using server = await loopbackServer((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    });
    const memory = watchMemory();
    expect(await refused(`https://good.files.example:${server.port}/`)).toBe("encoded");
    expect(memory.risen()).toBeLessThan(20 * MEGABYTE);
  });

  test("a body shorter than it says", async () => {
    await using server = await loopbackServer((_, response) => {
      response.writeHead(200, { "content-length": 100 }).write("x");
      setTimeout(() => response.destroy(), 20);
    });
    expect(await refused(`https://good.files.example:${server.port}/`)).toBe("wrong-length");
  });

  test("a certificate that nobody signed, and one of another name", async () => {
    await using server = await loopbackServer((_, response) => response.end("x"), { certificate: SELF_SIGNED });
    expect(await refused(`https://good.files.example:${server.port}/`)).toBe("untrusted-certificate");
    await using other = await loopbackServer((_, response) => response.end("x"));
    expect(await refused(`https://good.test:${other.port}/`)).toBe("untrusted-certificate");
  });

  test("an answer that is none", async () => {
    await using server = await loopbackServer((_, response) => response.writeHead(404).end("x"));
    expect(await refused(`https://good.files.example:${server.port}/`)).toBe("http-status");
    expect(await refused("https://good.files.example:1/")).toBe("unreachable");
  });
});

test("a process that stops breaks a download off, which is no refusal", async () => {
  await using server = await loopbackServer((_, response) => void response.writeHead(200).write("x"));
  const downloader = new Downloader(REACH);
  const download = downloader.hash(`https://good.files.example:${server.port}/`, "sha256", LIMITS);
  setTimeout(() => downloader.close(), 50);
  await expect(download).rejects.toThrow("the process stops");
});

test.each([
  ["1.1.1.1", true],
  ["2606:4700:4700::1111", true],
  ["127.0.0.1", false],
  ["10.1.2.3", false],
  ["172.16.0.1", false],
  ["192.168.0.1", false],
  ["169.254.169.254", false],
  ["100.64.0.1", false],
  ["0.0.0.0", false],
  ["224.0.0.1", false],
  ["192.0.2.1", false],
  ["198.18.0.1", false],
  ["255.255.255.255", false],
  ["::", false],
  ["::1", false],
  ["::ffff:127.0.0.1", false],
  ["::127.0.0.1", false],
  ["64:ff9b::7f00:1", false],
  ["2002:7f00:1::", false],
  ["fe80::1%eth0", false],
  ["fd00::1", false],
  ["fec0::1", false],
  ["2001:db8::1", false],
  ["good.files.example", false],
  ["", false],
])("%s is public: %s", (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

const CHUNK = Buffer.alloc(64 * 1024, 7);

function repeat(times: number): Readable {
  return Readable.from(
    (function* () {
      for (let sent = 0; sent < times; sent += 1) yield CHUNK;
    })(),
  );
}

/** What the memory of this process, outside and inside the heap, has risen by at most. */
function watchMemory(): { risen(): number } {
  const now = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const start = now();
  let most = start;
  const watch = setInterval(() => {
    most = Math.max(most, now());
  }, 5);
  return {
    risen() {
      clearInterval(watch);
      return most - start;
    },
  };
}
