import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that are short to read and take long: they play whole stories, or wait for processes of their own. */
const LONG =
  /\/(?:chaos\/seeds|demo\/demo|inbox\/replicas|inbox-main|scenarios\/(?:stop-model|process|[a-z]+-disturbances))\.test\.ts$/;

/** Vitest begins with the largest files. A long one that is begun last would keep one worker busy while the others are done. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => Number(isLong(other)) - Number(isLong(one)));
  }
}

function isLong({ moduleId }: TestSpecification): boolean {
  return LONG.test(moduleId);
}
