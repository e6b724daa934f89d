import { Refusal, toResponse } from "./api/routes.ts";
import type { EmulatorHandler } from "./emulator.ts";
import { tokenOf } from "./http/request-log.ts";
import type { InstallationTokens } from "./installation-tokens.ts";
import { isObject, type Json } from "./json.ts";
import type { Site } from "./site.ts";

/** An app's JSON web token may live for ten minutes (GitHub documentation: "Generating a JSON web token for a GitHub App"). */
const LONGEST_JWT_SECONDS = 600;
/** What GitHub forgives a clock. */
const CLOCK_DRIFT_SECONDS = 60;

/** Refuses what emulate lets through: it takes an unknown token for its first user, and never lets one expire. */
export function authentication(site: Site, tokens: InstallationTokens): EmulatorHandler {
  return async (context, next) => {
    const token = tokenOf(context.req.raw);
    const refusal = token.startsWith("eyJ")
      ? jwtRefusal(token, context.get("authApp") !== undefined)
      : tokenRefusal(site, tokens, token);
    const refused =
      refusal ?? suspension(site, context.req.path, context.get("authUser")?.installation?.installationId);
    if (refused) return toResponse(refused.answer());
    await next();
    return undefined;
  };
}

function tokenRefusal(site: Site, tokens: InstallationTokens, token: string): Refusal | null {
  if (token === "" || (site.tokens.has(token) && !tokens.isExpired(token))) return null;
  return new Refusal(401, "Bad credentials");
}

function jwtRefusal(token: string, isVerified: boolean): Refusal | null {
  const { exp } = claimsOf(token);
  const now = Date.now() / 1000;
  if (typeof exp === "number" && exp <= now) {
    const should = "must be a numeric value representing the future time at which the assertion expires";
    return new Refusal(401, `'Expiration time' claim ('exp') ${should}`);
  }
  if (!isVerified) return new Refusal(401, "A JSON web token could not be decoded");
  if (typeof exp !== "number" || exp > now + LONGEST_JWT_SECONDS + CLOCK_DRIFT_SECONDS) {
    return new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  return null;
}

function claimsOf(token: string): Json {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}

/** A suspended installation can neither use its tokens nor get new ones. */
function suspension(site: Site, path: string, installationId: number | undefined): Refusal | null {
  const asked = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(path)?.[1];
  const id = asked === undefined ? installationId : Number(asked);
  const installation = id === undefined ? undefined : site.db.appInstallations.findOneBy("installation_id", id);
  return installation?.suspended_at ? new Refusal(403, "This installation has been suspended") : null;
}
