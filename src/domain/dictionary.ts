import { z } from "zod";

/**
 * An object whose keys are anybody's, as a Map. `z.record` drops a key named `__proto__`; here it is data like any other,
 * because `JSON.parse` makes every key an own property.
 */
export function dictionary<Value extends z.ZodType>(value: Value) {
  return z
    .custom<Record<string, unknown>>(
      (input) => typeof input === "object" && input !== null && !Array.isArray(input),
      "Invalid input: expected object",
    )
    .transform((object) => new Map(Object.entries(object)))
    .pipe(z.map(z.string(), value));
}
