/** Calls in expressions over results: elementwise functions, functions of the spec, and those that know about results. */
import type { Argument, Call, Expr, Name } from "../../../grammar/tree.js";
import { rootOf } from "../made-axes.js";
import type { AxisId } from "../typed.js";
import type { Checker } from "./checker.js";
import { envOf } from "./environment.js";
import type { Env, Value } from "./environment.js";
import type { AnalysisNode, AnalysisOperation, UnaryOperation } from "./ir.js";
import { bool, int, real } from "./nodes.js";
import { isInteger, wantNumber } from "./operators.js";
import { alongFunctions, checkAlong } from "./statistics.js";

const unary = new Set<UnaryOperation>([
  "exp",
  "log",
  "log1p",
  "expm1",
  "log2",
  "log10",
  "sqrt",
  "abs",
  "sign",
  "sin",
  "cos",
  "tan",
  "tanh",
  "sinh",
  "cosh",
  "sigmoid",
  "softplus",
  "relu",
  "gelu",
  "erf",
  "erfc",
  "erf_inv",
  "lgamma",
  "digamma",
  "floor",
  "ceil",
  "round",
]);
const others: ReadonlyMap<
  string,
  { readonly operation: AnalysisOperation; readonly arity: number; readonly keepsInt: boolean }
> = new Map([
  ["max", { operation: "max", arity: 2, keepsInt: true }],
  ["min", { operation: "min", arity: 2, keepsInt: true }],
  ["pow", { operation: "pow", arity: 2, keepsInt: false }],
  ["div", { operation: "floor_div", arity: 2, keepsInt: true }],
  ["mod", { operation: "mod", arity: 2, keepsInt: true }],
  ["atan2", { operation: "atan2", arity: 2, keepsInt: false }],
  ["logaddexp", { operation: "logaddexp", arity: 2, keepsInt: false }],
  ["clip", { operation: "clip", arity: 3, keepsInt: true }],
]);

/** Functions that the language has inside runs only. */
const inRuns = new Set([
  "grad",
  "jacobian",
  "hvp",
  "hessian",
  "sharpness",
  "stop",
  "total",
  "previous",
  "cyclic",
  "clamp",
  "pad",
]);

function isUnary(name: string): name is UnaryOperation {
  return (unary as ReadonlySet<string>).has(name);
}

export function checkCall(checker: Checker, env: Env, tree: Call): AnalysisNode {
  const { context } = checker;
  const { callee } = tree;
  if (callee.kind === "name") {
    const known = env.locals.has(callee.text) || env.scope.get(callee.text)?.kind === "fn";
    if (!known) return checkNamed(checker, env, tree, callee);
  }
  const value = checker.value(env, callee);
  if (value.kind === "fn") return applyFn(checker, env, tree, value);
  if (value.kind === "faulty") return context.nodes.unknown(tree.span);
  return context.faulty(
    "AM6007",
    callee.span,
    `\`${context.text(callee.span)}\` is no function that results can be given to`,
    {
      help: "functions of tensors are computed inside a run: measure their value and read the result here",
    },
  );
}

function checkNamed(checker: Checker, env: Env, tree: Call, name: Name): AnalysisNode {
  const { context } = checker;
  const { nodes } = context;
  const { text } = name;
  if (alongFunctions.has(text)) return checkAlong(checker, env, name, tree.args.map(argumentTree), null, tree.span);
  if (text === "approx") return checkApprox(checker, env, tree);
  const trees = positional(checker, tree, text);
  if (trees === null) return nodes.unknown(tree.span);
  if (isUnary(text))
    return applyNumbers(
      checker,
      env,
      tree,
      { operation: text, arity: 1, keepsInt: ["abs", "sign"].includes(text) },
      trees,
    );
  const other = others.get(text);
  if (other !== undefined) return applyNumbers(checker, env, tree, other, trees);
  const [first] = trees;
  if (first === undefined || trees.length > 1) return noFunction(checker, env, name);
  switch (text) {
    case "missing":
      return nodes.missing(checker.expr(env, first), tree.span);
    case "real": {
      const operand = checker.expr(env, first);
      if (operand.type.kind === "bool" || operand.type.kind === "unknown")
        return nodes.apply("real", [operand], real, tree.span);
      return wantNumber(checker, operand, "`real`")
        ? nodes.apply("real", [operand], real, tree.span)
        : nodes.unknown(tree.span);
    }
    case "position":
      return positionOf(checker, env, first);
    case "size":
      return checkSize(checker, env, first);
    default:
      return noFunction(checker, env, name);
  }
}

/** An index's position; of a part's it is that along the whole, as in a run. */
function positionOf(checker: Checker, env: Env, tree: Expr): AnalysisNode {
  const node = checker.expr({ ...env, positions: true }, tree);
  const axis = node.kind === "axis" ? node.axis.axis : null;
  if (axis === null || checker.context.isPrefix(axis)) return node;
  const { axes } = checker.context.experiment;
  const root = axes.get(rootOf(axes, axis))?.kind.kind;
  if (root === "coordinates" || root === "labels") {
    const places = placesAlongRoot(checker, axis);
    if (places === null)
      return checker.context.notYet(
        tree.span,
        "`position` of an index of a part of an axis with coordinates or labels, where the part depends on a sweep,",
        "compute it in a run: `measure m { place[i] = position(i) }`",
      );
    const { nodes } = checker.context;
    const arms = places.map((place) => nodes.constant(place, int, tree.span));
    return nodes.choose(node, arms, int, tree.span);
  }
  // The coordinates of such a part are the positions along its whole.
  return checker.expr({ ...env, positions: false }, tree);
}

/** Where the positions of a part lie along the axis that is part of no other; null where that depends on a sweep. */
function placesAlongRoot(checker: Checker, part: AxisId): readonly number[] | null {
  const { experiment, known } = checker.context;
  const kind = experiment.axes.get(part)?.kind;
  if (kind?.kind !== "part") return null;
  const own = known.list(kind.positions);
  if (own === null || experiment.axes.get(kind.whole)?.kind.kind !== "part") return own;
  const whole = placesAlongRoot(checker, kind.whole);
  return whole === null ? null : own.map((place) => whole[place] ?? NaN);
}

function noFunction(checker: Checker, env: Env, name: Name): AnalysisNode {
  const { context } = checker;
  if (env.scope.has(name.text) || inRuns.has(name.text)) {
    return context.faulty("AM6007", name.span, `\`${name.text}\` is no function that results can be given to`, {
      help: "give the value a name, record or measure it, and read the result here",
    });
  }
  const functions = [
    ...unary,
    ...others.keys(),
    ...alongFunctions.keys(),
    "approx",
    "missing",
    "real",
    "size",
    "position",
    "slope",
    "crossing",
  ];
  return context.faulty(
    "AM6001",
    name.span,
    `no function that results can be given to is called \`${name.text}\``,
    context.suggest(name.text, functions),
  );
}

function argumentTree(argument: Argument): Expr {
  return argument.kind === "replacement" ? { kind: "missing", span: argument.span } : argument.value;
}

function positional(checker: Checker, tree: Call, name: string): readonly Expr[] | null {
  const strange = tree.args.find((argument) => argument.kind !== "positional");
  if (strange === undefined) return tree.args.map(argumentTree);
  checker.context.fault("AM6032", strange.span, `\`${name}\` takes its arguments without names here`);
  return null;
}

function applyNumbers(
  checker: Checker,
  env: Env,
  tree: Call,
  what: { readonly operation: AnalysisOperation; readonly arity: number; readonly keepsInt: boolean },
  trees: readonly Expr[],
): AnalysisNode {
  const { context } = checker;
  const name = context.text(tree.callee.span);
  if (trees.length !== what.arity)
    return context.faulty(
      "AM6032",
      tree.span,
      `\`${name}\` takes ${String(what.arity)} ${what.arity === 1 ? "argument" : "arguments"}, not ${String(trees.length)}`,
    );
  const operands = trees.map((part) => checker.expr(env, part));
  const fine = operands.map((operand) => wantNumber(checker, operand, `\`${name}\``));
  if (fine.includes(false)) return context.nodes.unknown(tree.span);
  const rounds = ["floor", "ceil", "round"].includes(what.operation);
  return context.nodes.apply(
    what.operation,
    operands,
    rounds || (what.keepsInt && isInteger(operands)) ? int : real,
    tree.span,
  );
}

/** `approx(a, b, rel: 0.05)`: |a - b| <= 0.05 |b|; `abs: 1e-3`: |a - b| <= 1e-3. */
function checkApprox(checker: Checker, env: Env, tree: Call): AnalysisNode {
  const { context } = checker;
  const operands = tree.args.flatMap((argument) =>
    argument.kind === "positional" ? [checker.expr(env, argument.value)] : [],
  );
  const named = tree.args.flatMap((argument) => (argument.kind === "named" ? [argument] : []));
  const [tolerance] = named;
  const kind = tolerance?.name.text;
  if (operands.length !== 2 || named.length !== 1 || tolerance === undefined || (kind !== "rel" && kind !== "abs"))
    return context.faulty("AM6032", tree.span, "`approx` takes two numbers and how far apart they may be", {
      help: "`approx(a, b, rel: 0.05)` for 5 % of b, or `approx(a, b, abs: 1e-3)`",
    });
  const all = [...operands, checker.expr(env, tolerance.value)];
  const fine = all.map((operand) => wantNumber(checker, operand, "`approx`"));
  return fine.includes(false)
    ? context.nodes.unknown(tree.span)
    : context.nodes.apply(kind === "rel" ? "approx_rel" : "approx_abs", all, bool, tree.span);
}

function checkSize(checker: Checker, env: Env, tree: Expr): AnalysisNode {
  const { context } = checker;
  const known = tree.kind === "name" ? env.scope.get(tree.text) : undefined;
  if (known?.kind === "axis") return checker.constants.size(known.axis, tree.span);
  if (tree.kind === "member") {
    const object = checker.value(env, tree.object);
    const member = object.kind === "component" ? object.members.get(tree.name.text) : undefined;
    if (member?.kind === "axis") return checker.constants.size(member.axis, tree.span);
  }
  if (known?.kind === "faulty") return context.nodes.unknown(tree.span);
  const own = tree.kind === "name" ? checker.axisOfResults(tree.text) : null;
  if (own !== null) return checker.constants.size(own, tree.span);
  return context.faulty("AM6032", tree.span, "`size` takes the name of an axis");
}

/** A function of scalars of the spec, entry by entry. */
function applyFn(checker: Checker, env: Env, tree: Call, value: Extract<Value, { kind: "fn" }>): AnalysisNode {
  const { context } = checker;
  const { parameters, body, scope } = value.fn;
  const trees = positional(checker, tree, value.name);
  if (trees === null) return context.nodes.unknown(tree.span);
  if (trees.length !== parameters.length)
    return context.faulty(
      "AM6032",
      tree.span,
      `\`${value.name}\` takes ${String(parameters.length)} arguments, not ${String(trees.length)}`,
      {
        here: `it is \`${value.name}(${parameters.join(", ")})\``,
      },
    );
  const locals = new Map<string, Value>();
  parameters.forEach((parameter, k) => {
    const part = trees[k];
    if (part === undefined) return;
    locals.set(parameter, {
      kind: "tensor",
      node: checker.expr(env, part),
      name: parameter,
      positional: null,
      final: false,
    });
  });
  if (!checker.enter(value.name, tree.span)) return context.nodes.unknown(tree.span);
  const node = checker.expr({ ...envOf(scope), locals }, body);
  checker.leave();
  return node;
}
