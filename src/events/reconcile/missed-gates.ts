import type { Repository } from "../../github/repository.ts";
import { followControl } from "../control/follow-control.ts";
import type { Services } from "../services.ts";

/**
 * Something is new about the open pull requests, or was left undone: all gates are looked through, and those that are missing
 * or say something else are written. There is nothing to hand to the inbox: what it would do is done.
 */
export async function missedGates(repository: Repository, services: Services): Promise<void> {
  const reading = await services.store.read(repository);
  const event = `gates:${repository.fullName}:${services.now()}`;
  await followControl(repository, reading, { only: null, event }, services);
}
