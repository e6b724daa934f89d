import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** A file that pages use. Its address changes with its text, so that browsers may keep it for good. */
export interface Asset {
  readonly url: string;
  readonly type: string;
  readonly text: string;
}

/** Reads the files that pages use, which are part of the program. */
export function readAssets() {
  return {
    css: asset("page.css", "text/css; charset=utf-8"),
    js: asset("live.js", "text/javascript; charset=utf-8"),
    icon: { ...asset("icon.svg", "image/svg+xml"), url: "/assets/icon.svg" },
  };
}

function asset(name: string, type: string): Asset {
  const text = readFileSync(new URL(`assets/${name}`, import.meta.url), "utf8");
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, 12);
  return { url: `/assets/${hash}/${name}`, type, text };
}
