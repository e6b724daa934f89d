import { z } from "zod";
import { configurationSchema } from "../src/config/schema.ts";

type Schema = z.core.JSONSchema.BaseSchema;

/** The text of docs/configuration.md, made from the schema that validates `.github/batchkeeper.yml`. */
export function configurationReference(): string {
  const schema = z.toJSONSchema(configurationSchema, { io: "input", unrepresentable: "any" });
  return `# Configuration

Settings live in \`.github/batchkeeper.yml\` on the default branch. Every key is optional. A file with an unknown key or a
wrong value is answered with an issue that names line and column, and the last good settings stay in force.
Lengths of time are written \`60m\`, \`24h\`, \`7d\`.

This page is made from \`src/config/schema.ts\` by \`npm run docs\`.

| key | default | meaning |
|---|---|---|
${rows(schema, "").join("\n")}
`;
}

function rows(schema: Schema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    if (typeof property === "boolean") return [];
    const path = `${prefix}${key}`;
    const own = `| \`${path}\` | ${defaultText(property)} | ${property.description ?? ""} |`;
    return property.properties === undefined ? [own] : [own, ...rows(property, `${path}.`)];
  });
}

function defaultText(schema: Schema): string {
  if (schema.properties !== undefined) return "";
  return schema.default === undefined ? "" : `\`${JSON.stringify(schema.default).replaceAll("|", "\\|")}\``;
}
