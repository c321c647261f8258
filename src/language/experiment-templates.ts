/**
 * `experiment small = mnist { let n = 2 }`: an experiment like another one of the file. `experiment small = grid(dim: token, n: 2)`:
 * of a template, whose parameters are then declarations of the experiment.
 */
import type { Experiment, Expr, Statement } from "../../grammar/tree.js";
import { namesOf } from "./declared-names.js";
import { namedTwice, parametersGiven, replaced, type Given, type Making } from "./experiment-arguments.js";
import { faulty } from "./expressions/build.js";
import { pathText } from "./expressions/resolve.js";
import { merged } from "./merging.js";
import { envOf, Scope } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { World } from "./world.js";

/** It is not run itself. */
export const isExperimentTemplate = ({ parameters }: Experiment): boolean => parameters !== null;

export interface WholeExperiment {
  readonly tree: Experiment;
  /** How statements are declared whose values stand elsewhere. */
  readonly given: Given;
  /** Lets the arguments that are written in templates see the parameters of these. */
  readonly passOn: (scope: Scope) => void;
}

/** The experiment with all of its statements; null after a fault, and for a template. */
export function wholeExperiment(
  world: World,
  file: Scope,
  statements: readonly Statement[],
  tree: Experiment,
): WholeExperiment | null {
  const unfolding = new Unfolding(world, file, statements);
  if (isExperimentTemplate(tree)) {
    unfolding.lookUp(tree);
    return null;
  }
  const body = unfolding.bodyOf(tree, { call: null, scope: file, span: tree.span }, []);
  if (body === null) return null;
  const { given, inner } = unfolding;
  const passOn = (scope: Scope): void => {
    for (const { seen, names } of inner)
      for (const name of names) {
        const entry = scope.own(name);
        if (entry !== undefined) seen.entries.set(name, entry);
      }
  };
  return { tree: { ...tree, instance: null, body }, given, passOn };
}

class Unfolding {
  readonly given = new Map<Statement, (scope: Scope) => void>();
  /** Of templates that are made of another one: what the arguments that they give it see. */
  readonly inner: { readonly seen: Scope; readonly names: readonly string[] }[] = [];

  constructor(
    private readonly world: World,
    private readonly file: Scope,
    private readonly statements: readonly Statement[],
  ) {}

  bodyOf(tree: Experiment, making: Making, like: readonly Experiment[]): readonly Statement[] | null {
    const base = this.baseOf(tree, like);
    if (base === null) return null;
    const own = tree.body ?? [];
    const opened = parametersGiven(this.world, tree, [...base, ...own], making);
    if (opened === null) return null;
    this.add(opened.given);
    const parameters = [...opened.given.keys()];
    const names = new Set(parameters.flatMap(namesOf));
    const rest = merged(
      base.filter((statement) => !declaredBy(statement).some((name) => names.has(name))),
      own,
    );
    this.add(replaced(this.world, rest, opened.replacements, making.scope));
    return [...parameters, ...rest];
  }

  /** A template is told what it is like without being made. */
  lookUp(tree: Experiment): void {
    const like: Experiment[] = [];
    for (let next: Experiment | null = tree; next !== null && next.instance !== null;) {
      const base: Experiment | null = this.experimentNamed(next, next.instance, like);
      like.push(next);
      next = base;
    }
  }

  /** The statements of the experiment that it is like. */
  private baseOf(tree: Experiment, like: readonly Experiment[]): readonly Statement[] | null {
    const { instance } = tree;
    if (instance === null) return [];
    const base = this.experimentNamed(tree, instance, like);
    if (base === null) return null;
    const making = {
      call: instance.kind === "call" ? instance : null,
      scope: this.argumentScope(tree),
      span: instance.span,
    };
    if (namedTwice(this.world, tree, base, making)) return null;
    return this.bodyOf(base, making, [...like, tree]);
  }

  /** Null after a fault. */
  private experimentNamed(tree: Experiment, instance: Expr, like: readonly Experiment[]): Experiment | null {
    const { world, file } = this;
    const path = instance.kind === "call" ? instance.callee : instance;
    const experiments = this.statements.filter((statement) => statement.kind === "experiment");
    const name = pathText(path);
    const base = experiments.find((other) => other.name.text === name);
    if (base === undefined) {
      faulty(world, envOf(file), "AM2001", path.span, `there is no experiment \`${name}\` in this file`, {
        here: "unknown name",
        ...suggestion(
          name,
          experiments.map((other) => other.name.text),
        ),
      });
      return null;
    }
    if (base === tree || like.includes(base)) {
      faulty(world, envOf(file), "AM2004", instance.span, `\`${tree.name.text}\` is made of itself`, {
        labels: [{ span: base.name.span, text: "declared here" }],
      });
      return null;
    }
    return base;
  }

  private argumentScope({ parameters }: Experiment): Scope {
    if (parameters === null) return this.file;
    const seen = new Scope(this.file, "experiment", "");
    this.inner.push({ seen, names: parameters.map(({ name }) => name.text) });
    return seen;
  }

  private add(given: Given): void {
    given.forEach((declare, statement) => this.given.set(statement, declare));
  }
}

function declaredBy(statement: Statement): readonly string[] {
  if (statement.kind === "sweep") return statement.variables.map(({ text }) => text);
  return statement.kind === "phase" ? [statement.name.text] : namesOf(statement);
}
