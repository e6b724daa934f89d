import { configurationIncident } from "../../domain/incidents/configuration-incident.ts";
import { controlFileIncident } from "../../domain/incidents/control-incident.ts";
import type { Cause, Incident } from "../../domain/incidents/incident.ts";
import type { Reading } from "../../github/change.ts";
import type { Repository } from "../../github/repository.ts";
import type { ControlProblem } from "../../github/settle.ts";
import { CONFIGURATION_PATH } from "../../github/snapshot.ts";
import type { Services } from "../services.ts";

/** Opens the incidents of the control file and the configuration where they cannot be read, and closes them where they can. */
export async function reportReadability(
  repository: Repository,
  { control, configuration }: Reading,
  commit: string,
  services: Services,
): Promise<void> {
  const { problems } = configuration;
  const keep = async (cause: Cause, incident: Incident | null) => {
    if (incident !== null) return void (await services.incidents.raise(repository, incident));
    return services.incidents.close(repository, cause, { key: commit, text: "The file can be read again." });
  };
  const path = configuration.settings.control_file;
  await Promise.all([
    keep({ kind: "control-file" }, control.kind === "unusable" ? controlFileIncident(path, control.problem) : null),
    keep({ kind: "configuration" }, problems.length > 0 ? configurationIncident(CONFIGURATION_PATH, problems) : null),
  ]);
}

/** Opens the incident of a control file that was found unusable while something was to be written to it. */
export async function reportUnusable(
  repository: Repository,
  problem: ControlProblem,
  services: Services,
): Promise<void> {
  const { control_file } = await services.store.settings(repository);
  await services.incidents.raise(repository, controlFileIncident(control_file, problem));
}
