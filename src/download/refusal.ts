import { NotPublic } from "./public-address.ts";

/** By which rule something was not downloaded. */
export type RefusalName =
  | "bad-address"
  | "encoded"
  | "http-status"
  | "not-https"
  | "not-public"
  | "too-large"
  | "too-many-redirects"
  | "too-slow"
  | "unreachable"
  | "untrusted-certificate"
  | "wrong-length";

/** A download that breaks a rule. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly why: RefusalName;

  constructor(why: RefusalName, detail: string) {
    super(detail);
    this.why = why;
  }
}

const TIMEOUTS: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

/** Why a download failed, by the errors of undici, of OpenSSL and of our own. */
export function refusalOf(error: unknown): { readonly why: RefusalName; readonly message: string } {
  if (error instanceof Refused) return error;
  if (error instanceof NotPublic) return { why: "not-public", message: error.message };
  if (!(error instanceof Error)) return { why: "unreachable", message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (error.name === "TimeoutError" || TIMEOUTS.has(code)) return { why: "too-slow", message: "it took too long" };
  if (/CERT|SIGNATURE|^ERR_TLS|^ERR_SSL/.test(code)) return { why: "untrusted-certificate", message: code };
  if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") return { why: "wrong-length", message: error.message };
  if (error.cause !== undefined) return refusalOf(error.cause);
  return { why: "unreachable", message: code === "" ? error.message : code };
}
