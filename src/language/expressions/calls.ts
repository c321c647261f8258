/** Calls: functions of the language, fns of the spec, sizes, derivatives. */
import type { Call, Expr as TreeExpr } from "../../../grammar/tree.js";
import { checkFnCall } from "../functions.js";
import { Whole, type Env, type Tensor } from "../scopes.js";
import { suggestion } from "../suggest.js";
import type { Expr } from "../typed.js";
import { countTuple, memberTensor, reduceTuple, tupleIn } from "../tuples.js";
import type { World } from "../world.js";
import { apply, faulty, int, real, toReal, unknown } from "./build.js";
import { builtins, type Builtin } from "./builtins.js";
import { checkExpr } from "./check.js";
import { checkDerivative, checkSharpness, derivatives } from "./derivatives.js";
import { distributions } from "../distributions.js";
import type { Table } from "../described.js";
import { resultCalls } from "./reduction-names.js";
import { isListCall } from "./lists.js";
import { subscriptOf } from "../outer-indices.js";
import { bareTensor, read, tensorNamed } from "./names.js";
import { checkPrevious } from "./previous.js";
import { axisEntry, pathText, resolve } from "./resolve.js";

/** Calls that are no functions of numbers. */
export const wholeCalls: Table = {
  size: {
    form: "size(i), size(M)",
    says: "the number of positions of an axis; of all entries of a component's parameters",
  },
  total: { form: "total(x)", says: "the sum over all axes of a tensor, or of all parameters", derivative: "yes" },
  norm: { form: "norm(x)", says: "the 2-norm over all axes of a tensor, or of all parameters", derivative: "yes" },
  previous: {
    form: "previous(s[i], k)",
    says: "a state or parameter one step ago, or k steps; in phases that take steps",
  },
};

export function checkCall(world: World, env: Env, tree: Call): Expr {
  const { callee, span } = tree;
  if (callee.kind === "member") {
    const entry = resolve(world, env, callee);
    if (entry === null || entry.kind === "faulty") return looseArguments(world, env, tree);
    if (entry.kind === "fn") return checkFnCall(world, env, tree, entry);
    return faulty(world, env, "AM3016", span, `\`${pathText(callee)}\` is no fn: it cannot be called`, {
      labels: [{ span: entry.span, text: "declared here" }],
    });
  }
  if (callee.kind !== "name") return faulty(world, env, "AM3016", span, "only a fn can be called");
  const name = callee.text;
  const entry = env.scope.lookup(name);
  if (entry?.kind === "fn") return checkFnCall(world, env, tree, entry);
  const builtin = builtins.get(name);
  if (builtin !== undefined) return callBuiltin(world, env, tree, name, builtin);
  switch (name) {
    case "size":
      return checkSize(world, env, tree);
    case "grad":
    case "jacobian":
    case "hessian":
    case "hvp": {
      const tensor = checkDerivative(world, env, tree, name);
      const [, by] = tree.args;
      const isOfAll = by?.kind === "positional" && tupleIn(env, by.value) !== null;
      if (tensor !== null && env.member !== null && isOfAll)
        return read(tensor, env.member.indices.map(subscriptOf), span);
      return tensor === null ? unknown(span) : bareTensor(world, env, tensor, span, `${name}(…)`);
    }
    case "sharpness":
      return checkSharpness(world, env, tree);
    case "previous":
      return checkPrevious(world, env, tree, argumentsOf(world, env, tree, "previous", ["state", "steps?"], false));
    case "norm":
    case "total":
      return checkWholeReduction(world, env, tree, name);
    case "cyclic":
    case "clamp":
    case "pad":
      return faulty(
        world,
        env,
        "AM2112",
        span,
        `\`${name}\` says what happens outside of an axis: it stands in a subscript`,
      );
    default:
  }
  return otherCall(world, env, tree, name, entry?.span);
}

function otherCall(world: World, env: Env, tree: Call, name: string, declared: Call["span"] | undefined): Expr {
  const { callee, span } = tree;
  if (declared !== undefined) {
    const entry = env.scope.lookup(name);
    if (entry?.kind === "faulty") return looseArguments(world, env, tree);
    return faulty(world, env, "AM3016", span, `\`${name}\` is no fn: it cannot be called`, {
      labels: [{ span: declared, text: "declared here" }],
      ...(entry?.kind === "tensor" ? { help: `subscripts stand in brackets: \`${name}[…]\`` } : {}),
    });
  }
  if (isListCall(tree))
    return faulty(world, env, "AM3004", span, "a list cannot stand inside an expression", {
      help: "give it a name with `let`",
    });
  if (Object.hasOwn(resultCalls, name) || name === "first" || name === "last") {
    return faulty(world, env, "AM2014", callee.span, `\`${name}\` is a statistic of results: a run cannot use it`, {
      help: "write it in a claim, a chart, or an equation that names results",
    });
  }
  if (Object.hasOwn(distributions, name))
    return faulty(world, env, "AM3017", span, `\`${name}\` is a distribution`, {
      help: `draw from it by an equation of its own: \`x ~ ${name}(…)\``,
    });
  looseArguments(world, env, tree);
  return faulty(world, env, "AM2001", callee.span, `there is no fn \`${name}\` here`, {
    here: "unknown name",
    ...suggestion(name, [
      ...builtins.keys(),
      ...Object.keys(derivatives),
      ...Object.keys(wholeCalls),
      "cross_entropy",
      ...env.scope.names(),
    ]),
  });
}

/** Arguments of something unknown are still looked at. */
function looseArguments(world: World, env: Env, tree: Call): Expr {
  const inside: Env = { ...env, whole: new Whole(world) };
  for (const argument of tree.args) if (argument.kind !== "replacement") checkExpr(world, inside, argument.value);
  return unknown(tree.span);
}

function callBuiltin(world: World, env: Env, tree: Call, name: string, builtin: Builtin): Expr {
  const trees = argumentsOf(world, env, tree, name, builtin.parameters, builtin.more === true);
  if (trees === null) return looseArguments(world, env, tree);
  const args = trees.map((argument) => checkExpr(world, env, argument));
  return builtin.build(world, env, args, tree.span);
}

/** Arguments in the order of the parameters; null after a fault. Left-out ones may only be at the end. */
export function argumentsOf(
  world: World,
  env: Env,
  tree: Call,
  name: string,
  parameters: readonly string[],
  more: boolean,
): readonly TreeExpr[] | null {
  const names = parameters.map((parameter) => parameter.replace("?", ""));
  const least = parameters.filter((parameter) => !parameter.endsWith("?")).length;
  const shape = `\`${name}(${names.join(", ")}${more ? ", …" : ""})\``;
  const placed: TreeExpr[] = [];
  for (const argument of tree.args) {
    if (argument.kind === "positional") {
      placed.push(argument.value);
      continue;
    }
    const place = argument.kind === "named" ? names.indexOf(argument.name.text) : -1;
    if (argument.kind === "named" && place === placed.length) placed.push(argument.value);
    else {
      faulty(world, env, "AM3010", argument.span, `\`${name}\` has no such argument here`, { help: `it is ${shape}` });
      return null;
    }
  }
  if (placed.length < least || (!more && placed.length > names.length)) {
    faulty(
      world,
      env,
      "AM3010",
      tree.span,
      `\`${name}\` takes ${least}${more ? " or more" : least === names.length ? "" : ` to ${names.length}`} argument${least === 1 && names.length === 1 ? "" : "s"}, and ${placed.length} ${placed.length === 1 ? "is" : "are"} given`,
      { help: `it is ${shape}` },
    );
    return null;
  }
  return placed;
}

function checkSize(world: World, env: Env, tree: Call): Expr {
  const [argument, ...others] = tree.args;
  if (argument?.kind !== "positional" || others.length > 0)
    return faulty(world, env, "AM3010", tree.span, "`size` takes one axis", { help: "write `size(dim)`" });
  const tuple = tupleIn(env, argument.value);
  if (tuple !== null) return countTuple(tuple, tree.span);
  const axis = axisEntry(world, env, argument.value);
  if (axis === null || axis === 0) return unknown(tree.span, int);
  return { kind: "size", axis, type: int, span: tree.span };
}

/** `grad(e, v)`: a tensor over the axes of v. */
export function checkGrad(world: World, env: Env, tree: Call): Tensor | null {
  const trees = argumentsOf(world, env, tree, "grad", ["e", "v"], false);
  const [of, by] = trees ?? [];
  if (of === undefined || by === undefined) return null;
  const value = toReal(world, env, checkExpr(world, { ...env, whole: null, positions: false, member: null }, of));
  const entry = by.kind === "name" || by.kind === "member" ? resolve(world, env, by) : null;
  const tensor =
    entry?.kind === "component"
      ? parameterAt(world, env, by)
      : entry === null && (by.kind === "name" || by.kind === "member")
        ? null
        : tensorNamed(world, env, by);
  if (tensor === null || value.kind === "unknown") return null;
  if (tensor.source.kind !== "definition" || tensor.type.kind !== "real") {
    faulty(
      world,
      env,
      "AM3018",
      by.span,
      `\`${pathText(by)}\` does not hold real numbers: there is no derivative by it`,
      { labels: [{ span: tensor.span, text: "declared here" }] },
    );
    return null;
  }
  const mapped = tensor.picked === true ? [] : tensor.prefix.map((_, k) => k);
  return {
    ...tensor,
    name: `grad by ${tensor.name}`,
    type: real,
    source: { kind: "grad", of: value, by: tensor.source.definition, mapped },
  };
}

/** The parameter that a derivative by all of a component is taken by here. */
function parameterAt(world: World, env: Env, by: TreeExpr): Tensor | null {
  const tuple = tupleIn(env, by);
  if (tuple !== null && env.member !== null) return memberTensor(world, env, env.member, tuple, by.span);
  const first = tuple?.members[0]?.name;
  faulty(
    world,
    env,
    "AM2104",
    by.span,
    `\`${pathText(by)}\` is a component: a derivative by it is one for each parameter`,
    {
      help:
        first === undefined
          ? "name a tensor"
          : `give it a name of its own, \`g = grad(…, ${pathText(by)})\`, or name one: \`${pathText(by)}.${first}\``,
    },
  );
  return null;
}

/** `norm(grad)`, `total(x)`: over all axes of what stands in the parentheses. */
function checkWholeReduction(world: World, env: Env, tree: Call, name: "norm" | "total"): Expr {
  const trees = argumentsOf(world, env, tree, name, ["x"], false);
  const [argument] = trees ?? [];
  if (argument === undefined) return unknown(tree.span);
  const tuple = tupleIn(env, argument);
  if (tuple !== null) return reduceTuple(world, env, name, tuple, argument, tree.span);
  const whole = new Whole(world);
  const body = toReal(world, env, checkExpr(world, { ...env, whole, positions: false }, argument));
  if (body.kind === "unknown") return body;
  const over = whole.slots.map((slot) => slot.index);
  if (over.length === 0) return name === "norm" ? apply("abs", [body], real, tree.span) : body;
  return {
    kind: "reduce",
    reducer: name === "norm" ? "norm" : "sum",
    over,
    where: null,
    body,
    type: real,
    span: tree.span,
  };
}
