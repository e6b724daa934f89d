import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";

let key: Promise<string> | undefined;

/** The app's private key, PEM. Made once per process: it takes longer than everything else of a start. */
export function appPrivateKey(): Promise<string> {
  key ??= promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  }).then(({ privateKey }) => privateKey);
  return key;
}
