import type { Repository } from "../../github/repository.ts";
import { tellOnce, wasTold } from "../../github/tell-thread.ts";
import type { Services } from "../services.ts";
import type { Asked } from "./payload.ts";

/**
 * Does what somebody asked for and tells them in their thread what came of it. That is told last, so that what was told is
 * done: when the same delivery comes again, because the process died or GitHub did not say that it was told, nothing is
 * measured anew. The publisher may give something else by then, and people have acted on what they read.
 *
 * @param work resolves to what is told
 */
export async function tellResult(
  repository: Repository,
  { issue, key }: Asked,
  services: Services,
  work: () => Promise<string>,
): Promise<void> {
  const marker = { kind: "verification", key } as const;
  if (await wasTold(repository, issue, marker, services)) return;
  await tellOnce(repository, issue, marker, await work(), services);
}
