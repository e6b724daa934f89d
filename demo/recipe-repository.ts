import { newControlFile } from "../src/domain/control/control-file.ts";
import type { LocalGitHub } from "../test/github/local-github.ts";

export const REPOSITORY = "acme/recipes";
export const CONTROL_FILE = "batch-control.json";
export const WORKFLOW = "batch-generate.yml";

const WORKFLOW_TEXT = `name: Batch Recipe Generation
on:
  schedule:
    - cron: "0 * * * *"
jobs:
  generate:
    strategy:
      matrix:
        ecosystem: [homebrew, npm]
        platform: [linux]
    runs-on: ubuntu-latest
    steps:
      - run: ./batch-generate -ecosystem "\${{ matrix.ecosystem }}"
`;

/**
 * A repository of package recipes, made in batches by a workflow. olga may write and is the operator, rita may read, and
 * everybody else is a stranger. Returns the number of the issue in which its people talk.
 */
export function seedRecipeRepository(github: LocalGitHub): Promise<number> {
  const [owner = "", name = ""] = REPOSITORY.split("/");
  github.createRepository({
    owner,
    name,
    collaborators: { olga: "write", rita: "read" },
    files: {
      [CONTROL_FILE]: newControlFile().text,
      [`.github/workflows/${WORKFLOW}`]: WORKFLOW_TEXT,
      "recipes/c/cmake.toml": homebrewRecipe("cmake", "Cross-platform make"),
      "recipes/j/jq.toml": homebrewRecipe("jq", "Command-line JSON processor"),
      "recipes/p/prettier.toml": npmRecipe("prettier", "Code formatter"),
    },
  });
  github.addWorkflow(REPOSITORY, `.github/workflows/${WORKFLOW}`, "Batch Recipe Generation");
  return github.openIssueAs("olga", REPOSITORY, { title: "Operations" });
}

function homebrewRecipe(name: string, description: string): string {
  return recipe(name, description, `[[steps]]\naction = "homebrew"\nformula = "${name}"\n`);
}

function npmRecipe(name: string, description: string): string {
  return recipe(name, description, `[[steps]]\naction = "npm_install"\npackage = "${name}"\n`);
}

function recipe(name: string, description: string, steps: string): string {
  return `[metadata]\nname = "${name}"\ndescription = "${description}"\n\n${steps}\n[verify]\ncommand = "${name} --version"\n`;
}
