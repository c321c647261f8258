/** Reductions and normalisers over results: `mean(seed where finished) fit.loss`, `first(step where c)`, `rank(step) x`. */
import type { Binder, Expr, Reduction } from "../../../grammar/tree.js";
import type { Checker } from "./checker.js";
import { bindAll, resolveBound, splitParameter } from "./binders.js";
import type { Binding } from "./binders.js";
import type { Env } from "./environment.js";
import type { AnalysisAxis, AnalysisNode, AnalysisReducer, AnalysisType } from "./ir.js";
import { bool, coordinateType, int, real } from "./nodes.js";
import { checkNormaliser, isNormaliser } from "./normalisers.js";
import { describeType, wantBool, wantNumber } from "./operators.js";
import { alongFunctions, checkAlong, checkOver, whereOf } from "./statistics.js";

interface Kind {
  /** What it is taken of. */
  readonly of: "number" | "bool" | "either";
  /** What comes of it; `same`: an int of ints. */
  readonly gives: "real" | "int" | "bool" | "same" | "coordinate";
  /** What its parameter is called (`quantile(seed, 0.9)`); null without one. */
  readonly parameter: string | null;
}

const kind = (of: Kind["of"], gives: Kind["gives"], parameter: string | null = null): Kind => ({
  of,
  gives,
  parameter,
});

const reducers: Readonly<Record<Exclude<AnalysisReducer, "valid">, Kind>> = {
  sum: kind("number", "same"),
  prod: kind("number", "same"),
  mean: kind("either", "real"),
  min: kind("number", "same"),
  max: kind("number", "same"),
  all: kind("bool", "bool"),
  any: kind("bool", "bool"),
  count: kind("bool", "int"),
  fraction: kind("bool", "real"),
  logsumexp: kind("number", "real"),
  norm: kind("number", "real"),
  var: kind("number", "real"),
  std: kind("number", "real"),
  argmax: kind("number", "coordinate"),
  argmin: kind("number", "coordinate"),
  median: kind("number", "real"),
  quantile: kind("number", "real", "the share of values below it"),
  ci_low: kind("either", "real", "a level such as 0.95"),
  ci_high: kind("either", "real", "a level such as 0.95"),
};

function isReducer(name: string): name is Exclude<AnalysisReducer, "valid"> {
  return Object.hasOwn(reducers, name);
}
export function checkReduction(checker: Checker, env: Env, tree: Reduction): AnalysisNode {
  const { context } = checker;
  const { text } = tree.name;
  if (tree.over !== null) return checkOver(checker, env, tree, tree.over);
  if (alongFunctions.has(text)) {
    const args = tree.binders.map(
      (binder): Expr => binder.value ?? binder.name ?? { kind: "missing", span: binder.span },
    );
    return checkAlong(checker, env, tree.name, args, tree.where, tree.span);
  }
  if (tree.body === null) return checkEnds(checker, env, tree);
  if (isReducer(text)) return checkReducer(checker, env, tree, text, tree.body);
  if (isNormaliser(text)) return checkNormaliser(checker, env, tree, text, tree.body);
  return context.notYet(
    tree.name.span,
    `\`${text}\` of results`,
    "compute it inside the run, record or measure it, and read the result here",
  );
}

function checkReducer(
  checker: Checker,
  env: Env,
  tree: Reduction,
  name: Exclude<AnalysisReducer, "valid">,
  bodyTree: Expr,
): AnalysisNode {
  const { context } = checker;
  const { nodes } = context;
  const { of, gives, parameter: wanted } = reducers[name];
  const { names, rest } = splitParameter(tree.binders);
  const parameter = checkParameter(checker, env, tree, rest, wanted);
  const binding = bindAll(checker, env, names);
  if (binding === null || parameter === "faulty") return nodes.unknown(tree.span);
  const body = checker.expr(binding.env, bodyTree);
  const condition = whereOf(checker, binding.env, tree.where, [body], (where) =>
    resolveBound(checker, binding.bound, where === null ? [body] : [body, where], name),
  );
  if (condition === "faulty" || !wantOperand(checker, body, of, name)) return nodes.unknown(tree.span);
  const where = withRanges(checker, condition, binding);
  const labels = binding.bound.map((own) => own.label);
  const type = resultType(checker, tree, gives, body, labels, where);
  return type === null
    ? nodes.unknown(tree.span)
    : nodes.reduce(name, labels, { body, where, parameter }, type, tree.span);
}

function withRanges(checker: Checker, where: AnalysisNode | null, binding: Binding): AnalysisNode | null {
  const all = [...binding.inside, ...(where === null ? [] : [where])];
  const [first, ...rest] = all;
  return first === undefined
    ? null
    : rest.reduce((both, next) => checker.context.nodes.apply("and", [both, next], bool, next.span), first);
}

function checkParameter(
  checker: Checker,
  env: Env,
  tree: Reduction,
  rest: readonly Binder[],
  wanted: string | null,
): number | null | "faulty" {
  const { context } = checker;
  const [given] = rest;
  if (wanted === null) {
    if (given === undefined) return null;
    context.fault("AM6010", given.span, `\`${tree.name.text}\` binds the names of axes here`);
    return "faulty";
  }
  const value = given?.value ?? null;
  const node = value === null ? null : checker.expr(env, value);
  if (rest.length === 1 && node?.kind === "constant" && node.value >= 0 && node.value <= 1) return node.value;
  context.fault(
    "AM6032",
    given?.span ?? tree.name.span,
    `\`${tree.name.text}\` takes the axes and ${wanted}, between 0 and 1`,
    {
      help: `\`${tree.name.text}(seed, 0.9) x\``,
    },
  );
  return "faulty";
}

function wantOperand(checker: Checker, body: AnalysisNode, of: Kind["of"], name: string): boolean {
  if (of === "bool") return wantBool(checker, body, `\`${name}\``);
  if (of === "either" && body.type.kind === "bool") return true;
  if (body.type.kind === "bool") {
    checker.context.fault("AM6030", body.span, `\`${name}\` wants a number`, {
      here: `this is ${describeType(body.type)}`,
      help: name === "sum" ? "write `count(…) (…)` to count, `mean(…)` for the share" : "write `real(…)` for 0 and 1",
    });
    return false;
  }
  return wantNumber(checker, body, `\`${name}\``);
}

function resultType(
  checker: Checker,
  tree: Reduction,
  gives: Kind["gives"],
  body: AnalysisNode,
  labels: readonly string[],
  where: AnalysisNode | null,
): AnalysisType | null {
  switch (gives) {
    case "real":
      return real;
    case "int":
      return int;
    case "bool":
      return bool;
    case "same":
      return body.type;
    case "coordinate":
      return coordinateOf(checker, tree, [...body.axes, ...(where?.axes ?? [])], labels);
  }
}

function coordinateOf(
  checker: Checker,
  tree: Reduction,
  axes: readonly AnalysisAxis[],
  labels: readonly string[],
): AnalysisType | null {
  const axis = axes.find((own) => own.label === labels[0]);
  if (labels.length === 1 && axis !== undefined) return coordinateType(axis);
  checker.context.fault("AM6013", tree.span, `\`${tree.name.text}\` gives one coordinate, so it takes one axis`, {
    help: "reduce over the others first: `argmax(K) (mean(seed) x)`",
  });
  return null;
}

/** `first(step where c)`, `last(step where c)`: a coordinate. */
function checkEnds(checker: Checker, env: Env, tree: Reduction): AnalysisNode {
  const { context } = checker;
  const { nodes } = context;
  const { text } = tree.name;
  if ((text !== "first" && text !== "last") || tree.where === null)
    return context.faulty("AM6032", tree.span, `\`${text}\` has nothing to work on`, {
      help: "an operand follows its parentheses",
    });
  const binding = bindAll(checker, env, tree.binders);
  if (binding === null) return nodes.unknown(tree.span);
  const condition = checker.expr(binding.env, tree.where);
  if (!wantBool(checker, condition, `\`${text}\``) || !resolveBound(checker, binding.bound, [condition], text))
    return nodes.unknown(tree.span);
  const labels = binding.bound.map((own) => own.label);
  const type = coordinateOf(checker, tree, condition.axes, labels);
  return type === null
    ? nodes.unknown(tree.span)
    : nodes.statistic(text, labels, { operands: [condition], where: null }, type, tree.span);
}
