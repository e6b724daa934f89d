import type { Hono } from "hono";
import { csrf } from "hono/csrf";
import { secureHeaders } from "hono/secure-headers";

/** Whether people come by https, as far as is known. */
export function isHttps(publicUrl: string | null): boolean {
  return publicUrl?.startsWith("https:") ?? false;
}

/**
 * What all pages are guarded by: nothing but their own style sheet and script counts, nobody may frame them, no cache keeps
 * them, and no other site signs somebody out.
 */
export function guard(app: Hono, publicUrl: string | null): void {
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: "DENY",
      referrerPolicy: "no-referrer",
      strictTransportSecurity: isHttps(publicUrl) ? "max-age=31536000" : false,
    }),
  );
  app.use("/sign-out", csrf(publicUrl === null ? undefined : { origin: publicUrl }));
  app.use("*", async (context, next) => {
    await next();
    // What one person sees is kept by no cache for another.
    if (!context.res.headers.has("cache-control")) context.header("cache-control", "private, no-store");
  });
}
