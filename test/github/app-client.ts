import { createSign } from "node:crypto";
import type { LocalGitHub } from "./local-github.ts";

/** What came back; an empty body is null. */
export class ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;

  constructor(response: Response, text: string) {
    this.status = response.status;
    this.headers = response.headers;
    this.body = text === "" ? null : JSON.parse(text);
  }

  /** A value inside the body: `answer.at(0, "user", "login")`. */
  at(...path: readonly (string | number)[]): unknown {
    return path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), this.body);
  }
}

/** Calls a local GitHub as the app would, without a library in between that retries or caches. */
export class AppClient {
  readonly #github: LocalGitHub;
  #token: string | undefined;

  constructor(github: LocalGitHub) {
    this.#github = github;
  }

  /** With the app's JSON web token. */
  asApp(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    return this.as(this.jwt(), method, path, body);
  }

  /** With an installation token, minted at the first call. */
  async call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer> {
    this.#token ??= await this.mint();
    return this.as(this.#token, method, path, body, headers);
  }

  /** With any token; "" for none. */
  async as(
    token: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    const response = await fetch(this.#github.url + path, {
      method,
      headers: { ...headers, ...(token === "" ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return new ApiAnswer(response, await response.text());
  }

  /** A new token of the first installation. */
  async mint(): Promise<string> {
    const installations = await this.asApp("GET", "/app/installations");
    const path = `/app/installations/${installations.at(0, "id")}/access_tokens`;
    return String((await this.asApp("POST", path)).at("token"));
  }

  /** The app's JSON web token; claims may be replaced to make a bad one. */
  jwt(claims: Readonly<Record<string, unknown>> = {}, key = this.#github.app.privateKey): string {
    const now = Math.floor(Date.now() / 1000);
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const body = { iat: now - 30, exp: now + 300, iss: String(this.#github.app.appId), ...claims };
    const unsigned = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(body)}`;
    return `${unsigned}.${createSign("RSA-SHA256").update(unsigned).sign(key, "base64url")}`;
  }
}
