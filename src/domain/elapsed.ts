import { DAY, type Duration, HOUR, MINUTE } from "./instant.ts";

/** A length of time as people say it: `20 min`, `3 h 20 min`, `2 d 4 h`. */
export function elapsed(duration: Duration): string {
  const minutes = Math.max(0, Math.floor(duration / MINUTE));
  const [days, hours] = [Math.floor((minutes * MINUTE) / DAY), Math.floor((minutes * MINUTE) / HOUR) % 24];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
