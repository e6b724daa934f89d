/** A browser as far as cookies and redirects go, for the promises that concern no script. */
export class BrowserSession {
  readonly #cookies = new Map<string, string>();

  /** Cookies by host, as a browser keeps them: ports make no difference, so each server is told all of its host. */
  async get(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      redirect: "manual",
      ...init,
      headers: { ...(cookie === "" ? {} : { cookie }), ...init.headers },
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  /** Follows redirects to their end. */
  async follow(url: string): Promise<Response> {
    let [at, response] = [url, await this.get(url)];
    for (let hop = 0; hop < 10 && response.status >= 300 && response.status < 400; hop += 1) {
      at = new URL(response.headers.get("location") ?? "", at).href;
      response = await this.get(at);
    }
    return response;
  }

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  #keep(line: string): void {
    const [pair = ""] = line.split(";", 1);
    const [name = "", value = ""] = pair.split("=", 2);
    if (value === "" || /max-age=0/i.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
