/** The statements of the inbox, in a schema. Moments are epoch milliseconds: `bigint` in the tables, `float8` when read. */
export function statementsIn(schema: string) {
  const delivery = `${schema}.delivery`;
  const deadLetter = `${schema}.dead_letter`;
  const pause = `${schema}.pause`;
  const timer = `${schema}.timer`;
  /** Waits, and its lane does not rest, at the moment $1. */
  const due = `handled_at IS NULL AND not_before <= $1
    AND NOT EXISTS (SELECT FROM ${pause} WHERE pause.lane = delivery.lane AND until > $1)`;
  const insertTimers = `INSERT INTO ${timer} (key, lane, event, body, at)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) ORDER BY 1
    ON CONFLICT (key)`;
  return {
    insert: `INSERT INTO ${delivery} (id, event, lane, body, urgent, trace, accepted_at)
      SELECT id, event, lane, body, urgent, trace, $7::bigint
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[])
        WITH ORDINALITY AS given (id, event, lane, body, urgent, trace, place)
      ORDER BY place
      ON CONFLICT (id) DO NOTHING RETURNING lane`,
    // The first always, then as many as fit into $4 bytes.
    take: `WITH waiting AS (
        SELECT id, event, body, urgent, accepted_at, attempts, trace, sequence FROM ${delivery}
        WHERE lane = $2 AND ${due} ORDER BY urgent DESC, sequence LIMIT $3
      ), measured AS (
        SELECT *, sum(octet_length(body)) OVER place AS bytes, row_number() OVER place AS number FROM waiting
        WINDOW place AS (ORDER BY urgent DESC, sequence)
      )
      SELECT id, event, body, urgent, accepted_at::float8 AS "acceptedAt", attempts, trace FROM measured
      WHERE number = 1 OR bytes <= $4 ORDER BY number`,
    bury: `INSERT INTO ${deadLetter} (id, event, lane, body, urgent, reason, attempts, at)
      SELECT id, event, lane, body, urgent, given.reason, attempts + 1, $3::bigint
      FROM ${delivery} JOIN unnest($1::text[], $2::text[]) AS given (id, reason) USING (id) WHERE handled_at IS NULL
      ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, attempts = excluded.attempts, at = excluded.at`,
    finish: `UPDATE ${delivery} SET handled_at = $2, body = NULL, trace = NULL WHERE id = ANY($1::text[])`,
    postpone: `UPDATE ${delivery} SET attempts = attempts + $3, not_before = given.at
      FROM unnest($1::text[], $2::bigint[]) AS given (id, at) WHERE delivery.id = given.id`,
    pause: `INSERT INTO ${pause} (lane, until) VALUES ($1, $2) ON CONFLICT (lane) DO UPDATE SET until = excluded.until`,
    /** Writes, and changes nothing. */
    probe: `INSERT INTO ${pause} (lane, until) VALUES ('', 0) ON CONFLICT (lane) DO UPDATE SET until = pause.until`,
    unpause: `DELETE FROM ${pause} WHERE lane = $1`,
    dueLanes: `SELECT DISTINCT lane FROM ${delivery} WHERE ${due}`,
    isDue: `SELECT EXISTS (SELECT FROM ${delivery} WHERE ${due}) OR EXISTS (SELECT FROM ${timer} WHERE at <= $1) AS "isDue"`,
    isDueInLane: `SELECT EXISTS (SELECT FROM ${delivery} WHERE lane = $2 AND ${due}) AS "isDue"`,
    /** When something that is not due at $1 will be. */
    next: `SELECT least(
        (SELECT min(at) FROM ${timer} WHERE at > $1),
        (SELECT min(greatest(not_before, until)) FROM ${delivery} LEFT JOIN ${pause} USING (lane)
         WHERE handled_at IS NULL AND greatest(not_before, until) > $1)
      )::float8 AS next`,
    moveTimers: `${insertTimers} DO UPDATE
      SET lane = excluded.lane, event = excluded.event, body = excluded.body, at = excluded.at`,
    keepTimers: `${insertTimers} DO NOTHING`,
    cancel: `DELETE FROM ${timer} WHERE key = $1`,
    // Of several replicas that look at once, one gets a timer: whoever deletes it.
    takeTimers: `DELETE FROM ${timer}
      WHERE key IN (SELECT key FROM ${timer} WHERE at <= $1 ORDER BY key FOR UPDATE SKIP LOCKED)
      RETURNING key, lane, event, body, at::float8 AS at`,
    state: `SELECT count(*)::int AS waiting, min(accepted_at)::float8 AS oldest,
        (SELECT count(*)::int FROM ${deadLetter}) AS dead
      FROM ${delivery} WHERE handled_at IS NULL`,
    holds: `SELECT EXISTS (SELECT FROM ${delivery} WHERE lane = $1 AND event = $2 AND handled_at IS NULL) AS holds`,
    deadLetters: `SELECT id, event, lane, reason, attempts, at::float8 AS at FROM ${deadLetter}
      WHERE $1::text IS NULL OR lane = $1 ORDER BY at DESC, sequence DESC LIMIT $2`,
    redrive: `WITH put_back AS (
        DELETE FROM ${deadLetter} WHERE $1::text[] IS NULL OR id = ANY($1) RETURNING *
      )
      INSERT INTO ${delivery} (id, event, lane, body, urgent, accepted_at)
      SELECT id, event, lane, body, urgent, $2::bigint FROM put_back ORDER BY sequence
      ON CONFLICT (id) DO UPDATE
        SET body = excluded.body, handled_at = NULL, attempts = 0, not_before = 0, accepted_at = excluded.accepted_at
      RETURNING lane`,
    forgetHandled: `DELETE FROM ${delivery} WHERE handled_at < $1`,
    forgetDead: `DELETE FROM ${deadLetter} WHERE at < $1`,
    forgetPauses: `DELETE FROM ${pause} WHERE until < $1`,
  };
}
