import { fc } from "@fast-check/vitest";

// What a property failed with stands in its message, beside the counterexample: reports that are read by programs keep no causes.
fc.configureGlobal({ includeErrorInReport: true });
