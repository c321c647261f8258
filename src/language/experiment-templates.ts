/**
 * `experiment small = mnist { let n = 2 }`: an experiment like another one of the file. `experiment small = grid(n: 2)`: of a template,
 * whose parameters are then `let`s of the experiment.
 */
import type { Argument, Experiment, Expr, Let, Parameter, Statement } from "../../grammar/tree.js";
import { namesOf } from "./components.js";
import { faulty } from "./expressions/build.js";
import { pathText } from "./expressions/resolve.js";
import { merged } from "./merging.js";
import { namesIn } from "./results-naming.js";
import { envOf, type Scope } from "./scopes.js";
import { suggestion } from "./suggest.js";
import { argumentsOf } from "./templates.js";
import { notYet } from "./unsupported.js";
import type { World } from "./world.js";

/** It is not run itself. */
export const isExperimentTemplate = ({ parameters }: Experiment): boolean => parameters !== null;

/** The experiment with all of its statements; null after a fault, and for a template. */
export function wholeExperiment(
  world: World,
  file: Scope,
  statements: readonly Statement[],
  tree: Experiment,
  like: readonly Experiment[] = [],
): Experiment | null {
  const { instance } = tree;
  if (isExperimentTemplate(tree)) {
    refuseParameters(world, file, tree);
    return null;
  }
  if (instance === null) return tree;
  const path = instance.kind === "call" ? instance.callee : instance;
  const experiments = statements.filter((statement) => statement.kind === "experiment");
  const name = pathText(path);
  const base = experiments.find((other) => other.name.text === name);
  const env = envOf(file);
  if (base === undefined) {
    faulty(world, env, "AM2001", path.span, `there is no experiment \`${name}\` in this file`, {
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
  const lets = argumentsAsLets(world, file, tree, base);
  if (lets === null) return null;
  const whole = isExperimentTemplate(base) ? base : wholeExperiment(world, file, statements, base, [...like, tree]);
  if (whole === null) return null;
  return { ...tree, instance: null, body: merged([...lets, ...(whole.body ?? [])], tree.body ?? []) };
}

const isNumber = ({ sort, axes }: Parameter): boolean => sort === "value" && axes === null;

function refuseParameters(world: World, file: Scope, { name, parameters, instance }: Experiment): void {
  if (instance !== null) notYet(world, file, name.span, "a template of experiments that is like another experiment");
  for (const parameter of parameters ?? [])
    if (!isNumber(parameter))
      notYet(
        world,
        file,
        parameter.span,
        "a parameter of an experiment that is no number",
        "declare it in the template; a block of the experiment replaces it: `experiment small = base(n: 2) { axis i = 3 }`",
      );
}

/** Null after a fault, which may have been told of the template. */
function argumentsAsLets(world: World, file: Scope, tree: Experiment, base: Experiment): readonly Let[] | null {
  const { instance } = tree;
  const call = instance?.kind === "call" ? instance : null;
  const parameters = base.parameters ?? [];
  const env = envOf(file);
  if (!parameters.every(isNumber) || (isExperimentTemplate(base) && base.instance !== null)) return null;
  const given = argumentsOf(world, env, base, call, parameters);
  if (given === null || !(call?.args ?? []).every((argument) => isPlain(world, file, argument))) return null;
  const inside = new Set([
    ...parameters.map((parameter) => parameter.name.text),
    ...(base.body ?? []).flatMap(declaredBy),
  ]);
  const lets: Let[] = [];
  for (const parameter of parameters) {
    const { name } = parameter;
    const value = given.get(name.text) ?? parameter.default;
    if (value === null) {
      faulty(
        world,
        env,
        "AM3010",
        instance?.span ?? tree.span,
        `\`${base.name.text}\` needs an argument for \`${name.text}\``,
        {
          labels: [{ span: parameter.span, text: "this parameter" }],
          help: `write \`${name.text}: …\``,
        },
      );
      return null;
    }
    if (given.has(name.text) && !isClear(world, file, value, inside)) return null;
    lets.push({
      kind: "let",
      target: { path: [name], subscripts: null, span: name.span },
      value,
      doc: null,
      span: parameter.span,
    });
  }
  return lets;
}

function isPlain(world: World, file: Scope, argument: Argument): boolean {
  if (argument.kind !== "replacement") return true;
  notYet(
    world,
    file,
    argument.span,
    "an argument that replaces a declaration of an experiment",
    "write it into the block of the experiment",
  );
  return false;
}

/** An argument speaks of the file; where the template has a name of its own for something else, it would be taken for that. */
function isClear(world: World, file: Scope, value: Expr, inside: ReadonlySet<string>): boolean {
  const taken = [...namesIn(value)].find((name) => inside.has(name));
  if (taken === undefined) return true;
  notYet(
    world,
    file,
    value.span,
    `an argument that names \`${taken}\`, which the template has as well,`,
    "give one of them another name",
  );
  return false;
}

function declaredBy(statement: Statement): readonly string[] {
  if (statement.kind === "sweep") return statement.variables.map(({ text }) => text);
  return statement.kind === "phase" ? [statement.name.text] : namesOf(statement);
}
