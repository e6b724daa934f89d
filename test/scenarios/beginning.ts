/**
 * When worlds begin: noon of a Thursday, so that what happened three days before is of the same budget week, and nothing that
 * happens within an hour crosses the end of a day or of a week, whenever the tests are run.
 */
export const BEGINNING = Date.UTC(2026, 2, 19, 12);

const RealDate = Date;
let ahead = 0;
/** Worlds that are not over. */
let worlds = 0;

const now = () => RealDate.now() + ahead;

/** `Date` with a clock that was set, and goes on from there as the real one does. */
const SetDate = new Proxy(RealDate, {
  construct: (_, given, of) => Reflect.construct(RealDate, given.length === 0 ? [now()] : given, of),
  get: (_, key) => (key === "now" ? now : Reflect.get(RealDate, key)),
});

/**
 * Sets the clock of this process to `BEGINNING`, with all that asks it for the time: the app, the local GitHub, their
 * libraries and the tests. Returns what sets it right again. Where worlds overlap it is the first that sets it.
 */
export function setDate(): () => void {
  if (worlds === 0) ahead = BEGINNING - RealDate.now();
  worlds += 1;
  globalThis.Date = SetDate;
  return () => {
    worlds -= 1;
    if (worlds === 0) globalThis.Date = RealDate;
  };
}
