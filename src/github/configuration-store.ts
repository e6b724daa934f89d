import { type ConfigurationProblem, parseConfiguration } from "../config/parse.ts";
import { type Configuration, DEFAULT_CONFIGURATION } from "../config/schema.ts";
import { commitsOf, readFileAt } from "./file-version.ts";
import type { Repository } from "./repository.ts";
import { CONFIGURATION_PATH, type FileReading } from "./snapshot.ts";

/** The settings that count now, and what is wrong with the file if they are not the ones written there. */
export interface ConfigurationInForce {
  readonly settings: Configuration;
  readonly problems: readonly ConfigurationProblem[];
}

const EARLIER_VERSIONS = 10;

/**
 * The settings of every repository. A file that cannot be used does not take away a working setting: the last good version
 * stays in force, from memory or, after a restart, from the file's history.
 */
export class ConfigurationStore {
  readonly #lastGood = new Map<string, Configuration>();

  /** The settings last seen in force, without any call; null for a repository that was never read. */
  lastKnown({ fullName }: Repository): Configuration | null {
    return this.#lastGood.get(fullName) ?? null;
  }

  /** The settings to act on for what the default branch says now. */
  async inForce(repository: Repository, reading: FileReading): Promise<ConfigurationInForce> {
    if (reading.kind === "missing") return this.#remember(repository, DEFAULT_CONFIGURATION);
    const problems = usabilityProblems(reading);
    if (reading.kind === "text") {
      const parsed = parseConfiguration(reading.text);
      if (parsed.kind === "valid") return this.#remember(repository, parsed.configuration);
      problems.push(...parsed.problems);
    }
    const settings = this.#lastGood.get(repository.fullName) ?? (await earlierConfiguration(repository));
    return { settings: this.#remember(repository, settings).settings, problems };
  }

  #remember({ fullName }: Repository, settings: Configuration): ConfigurationInForce {
    this.#lastGood.set(fullName, settings);
    return { settings, problems: [] };
  }
}

function usabilityProblems(reading: FileReading): ConfigurationProblem[] {
  switch (reading.kind) {
    case "text":
    case "missing":
      return [];
    case "not-a-file":
      return [{ message: "this is a folder or a link, not a file", line: 1, column: 1 }];
    case "too-large":
      return [{ message: "the file is too large", line: 1, column: 1 }];
    case "not-text":
      return [{ message: "the file is not text", line: 1, column: 1 }];
  }
}

async function earlierConfiguration(repository: Repository): Promise<Configuration> {
  const versions = await commitsOf(repository, CONFIGURATION_PATH, { count: EARLIER_VERSIONS });
  for (const { sha } of versions) {
    const version = await readFileAt(repository, CONFIGURATION_PATH, sha);
    const parsed = version === null ? null : parseConfiguration(version.text);
    if (parsed?.kind === "valid") return parsed.configuration;
  }
  return DEFAULT_CONFIGURATION;
}
