/** When a budget week begins. */
export interface WeekRule {
  /** Its first day as ISO 8601 counts: 1 is Monday, 7 is Sunday. */
  readonly firstDay: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** A budget week by the date of its first day, `2026-01-26`; texts of weeks compare as the weeks do. */
export type Week = string;

const DAYS = 7;

/** The week that a moment falls into on the wall clock of the rule's time zone. */
export function weekOf(instant: number, rule: WeekRule): Week {
  const { timeZone } = rule;
  return weekWith(Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate(), rule);
}

/** The week that a date, `2026-01-28`, falls into. */
export function weekOfDate(date: string, rule: WeekRule): Week {
  return weekWith(Temporal.PlainDate.from(date), rule);
}

/** The first moment of a date: midnight, or the end of the gap where clocks are put forward at midnight. */
export function startOf(date: string, { timeZone }: WeekRule): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
}

/** The week `count` weeks later. */
export function laterWeek(week: Week, count: number): Week {
  return Temporal.PlainDate.from(week)
    .add({ days: count * DAYS })
    .toString();
}

/** The name of a week, `2026-W05`: that of the ISO week which has most of its days. */
export function weekName(week: Week): string {
  const { yearOfWeek, weekOfYear } = Temporal.PlainDate.from(week).add({ days: 3 });
  return `${yearOfWeek}-W${String(weekOfYear).padStart(2, "0")}`;
}

function weekWith(date: Temporal.PlainDate, { firstDay }: WeekRule): Week {
  return date.subtract({ days: (date.dayOfWeek - firstDay + DAYS) % DAYS }).toString();
}
