import { writeFileSync } from "node:fs";
import { configurationReference } from "./configuration-reference.ts";

// Written by hand, these pages would drift from the declarations they describe; a test compares them.
writeFileSync(new URL("configuration.md", import.meta.url), configurationReference());
