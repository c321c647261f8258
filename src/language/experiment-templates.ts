/** `experiment small = mnist { let n = 2 }`: an experiment like another one of the file. */
import type { Experiment, Statement } from "../../grammar/tree.js";
import { faulty } from "./expressions/build.js";
import { pathText } from "./expressions/resolve.js";
import { merged } from "./merging.js";
import { envOf, type Scope } from "./scopes.js";
import { suggestion } from "./suggest.js";
import { notYet } from "./unsupported.js";
import type { World } from "./world.js";

/** The experiment with all of its statements; null after a fault. */
export function wholeExperiment(
  world: World,
  file: Scope,
  statements: readonly Statement[],
  tree: Experiment,
  like: readonly Experiment[] = [],
): Experiment | null {
  const { instance, parameters } = tree;
  if (parameters !== null) {
    notYet(
      world,
      file,
      tree.span,
      "an experiment with parameters",
      "give its `let`s other values: `experiment small = base { let n = 2 }`",
    );
    return null;
  }
  if (instance === null) return tree;
  const experiments = statements.filter((statement) => statement.kind === "experiment");
  const name = pathText(instance);
  const base = experiments.find((other) => other.name.text === name);
  const env = envOf(file);
  if (base === undefined) {
    faulty(world, env, "AM2001", instance.span, `there is no experiment \`${name}\` in this file`, {
      here: "unknown name",
      ...suggestion(
        name,
        experiments.map((other) => other.name.text),
      ),
    });
    return null;
  }
  if (base === tree || like.includes(base)) {
    faulty(world, env, "AM2004", instance.span, `\`${tree.name.text}\` is made of itself`, {
      labels: [{ span: base.name.span, text: "declared here" }],
    });
    return null;
  }
  const whole = wholeExperiment(world, file, statements, base, [...like, tree]);
  return whole === null ? null : { ...tree, instance: null, body: merged(whole.body ?? [], tree.body ?? []) };
}
