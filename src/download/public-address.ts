import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** Which addresses may be connected to, and how names become addresses. */
export interface Reach {
  /** @param address an IP address as `node:dns` prints it */
  readonly isAllowed: (address: string) => boolean;
  readonly resolve: (hostname: string) => Promise<readonly LookupAddress[]>;
}

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether an address belongs to the public internet: none of the ranges that the registry of special purposes sets apart
 * (loopback, private, link-local with the metadata service of clouds, carrier grade NAT, multicast, documentation, …), nor an
 * IPv6 address that hides an IPv4 one of these.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
}

/** The public internet by the resolver of the system. */
export const PUBLIC_INTERNET: Reach = {
  isAllowed: isPublicAddress,
  resolve: (hostname) => lookup(hostname, { all: true }),
};

/** A connection to an address that is not to be reached. */
export class NotPublic extends Error {
  override readonly name = "NotPublic";
  constructor(hostname: string, address: string) {
    super(
      hostname === address
        ? `${address} is no public address`
        : `${hostname} is ${address}, which is no public address`,
    );
  }
}

/**
 * Resolves names for connections: the addresses that are judged are the very ones that are connected to, so that a name
 * cannot be one thing when it is looked at and another when it is used. One bad address among good ones is enough.
 */
export function guardedLookup({ isAllowed, resolve }: Reach): LookupFunction {
  return (hostname, options, callback) => {
    const judged = resolve(hostname).then((addresses) => {
      const bad = addresses.find(({ address }) => !isAllowed(address));
      if (bad !== undefined) throw new NotPublic(hostname, bad.address);
      return addresses;
    });
    judged.then(
      (addresses) => {
        const [first] = addresses;
        if (options.all) callback(null, [...addresses]);
        else if (first !== undefined) callback(null, first.address, first.family);
        else callback(new Error(`${hostname} has no address`), "");
      },
      (error: NodeJS.ErrnoException) => callback(error, ""),
    );
  };
}

/** The address that a URL names without a resolver; null where its host is a name. */
export function literalAddress({ hostname }: URL): string | null {
  const address = hostname.replace(/^\[|\]$/g, "");
  return ipaddr.isValid(address) ? address : null;
}
