import { writeFileSync } from "node:fs";
import { commandReference } from "./command-reference.ts";
import { configurationReference } from "./configuration-reference.ts";

// Written by hand, these pages would drift from the declarations they describe; a test compares them.
writeFileSync(new URL("commands.md", import.meta.url), commandReference());
writeFileSync(new URL("configuration.md", import.meta.url), configurationReference());
