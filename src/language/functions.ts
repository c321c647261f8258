/** Calls of fns: inlined, their tensor arguments and results become definitions of their own. */
import type { Call, Expr as TreeExpr, Fn as TreeFn } from "../../grammar/tree.js";
import type { Mapped } from "./arguments.js";
import { declareStatements, misplaced } from "./declare.js";
import { choice } from "./chosen-components.js";
import { faulty, unify, unknown } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { checkDerivative, derivatives } from "./expressions/derivatives.js";
import { bareTensor } from "./expressions/names.js";
import { pathText, resolve } from "./expressions/resolve.js";
import { bindArguments } from "./fn-arguments.js";
import { bindIndex } from "./indices.js";
import { lift } from "./lifting.js";
import { notPicked } from "./over-axes.js";
import { sizeOf } from "./mentions.js";
import { type Chosen, type Env, type FnEntry, Scope, type Tensor, envOf } from "./scopes.js";
import type { Expr, Index } from "./typed.js";
import type { World } from "./world.js";

/** A call that gives a scalar, or a tensor where it may stand whole. */
export function checkFnCall(world: World, env: Env, call: Call, entry: FnEntry): Expr {
  const result = inline(world, env, call, entry, 0);
  if (result === null) return unknown(call.span);
  if (result.kind === "scalar") return { ...result.value, span: call.span };
  return bareTensor(world, env, result.tensor, call.span, `${pathText(call.callee)}(…)`);
}

/** Functions of the language that give tensors. */
const tensors: ReadonlySet<string> = new Set(Object.keys(derivatives).filter((name) => name !== "sharpness"));

/** A call whose result is subscripted. */
export function checkTensorCall(world: World, env: Env, call: Call, pick = 0): Tensor | null {
  const { callee } = call;
  if (callee.kind === "name" && tensors.has(callee.text) && env.scope.lookup(callee.text)?.kind !== "fn")
    return checkDerivative(world, env, call, callee.text);
  if (callee.kind === "name" && env.scope.lookup(callee.text) === undefined) {
    // A function of the language, or an unknown one: told as where it stands alone.
    const value = checkExpr(world, env, call);
    if (value.kind !== "unknown")
      faulty(world, env, "AM2105", call.span, `\`${callee.text}\` gives a single number: it takes no subscripts`);
    return null;
  }
  const entry = callee.kind === "name" || callee.kind === "member" ? resolve(world, env, callee) : null;
  if (entry === null || entry.kind === "faulty") return null;
  if (entry.kind !== "fn") {
    faulty(world, env, "AM3016", call.span, `\`${pathText(callee)}\` is no fn: it cannot be called`, {
      labels: [{ span: entry.span, text: "declared here" }],
    });
    return null;
  }
  const result = inline(world, env, call, entry, pick);
  if (result === null || result.kind === "tensor") return result?.tensor ?? null;
  faulty(world, env, "AM2105", call.span, `\`${pathText(callee)}\` gives a single number: it takes no subscripts`, {
    labels: [{ span: entry.span, text: "declared here" }],
  });
  return null;
}

type Inlined = { readonly kind: "scalar"; readonly value: Expr } | { readonly kind: "tensor"; readonly tensor: Tensor };

const running: TreeFn[] = [];

/** The result number `pick` of a call. */
export function inline(world: World, env: Env, call: Call, entry: FnEntry, pick: number): Inlined | null {
  const { fn, chosen } = entry;
  if (chosen !== undefined) return inlineChosen(world, env, call, entry, chosen, pick);
  if (entry.open !== undefined) {
    notPicked(world, env, call.callee, entry, entry.open);
    return null;
  }
  world.used.add(fn);
  if (fn.body === null) {
    faulty(world, env, "AM2015", call.span, `\`${entry.name}\` has no right side: an argument has to supply it`, {
      labels: [{ span: entry.span, text: "declared here" }],
    });
    return null;
  }
  const origin = { name: entry.name, span: call.span, caller: env.scope };
  const scope = new Scope(entry.scope, "fn", `${env.scope.prefix}${entry.name}.`, origin);
  const mapped: Mapped = new Map();
  if (!bindArguments(world, env, call, entry, scope, mapped)) return null;
  if (running.includes(fn)) {
    faulty(world, env, "AM2016", call.span, `\`${entry.name}\` calls itself`, { help: "a fn cannot be recursive" });
    return null;
  }
  running.push(fn);
  try {
    return evaluate(world, fn, scope, entry, call, pick, [...mapped.values()]);
  } finally {
    running.pop();
  }
}

/** A fn of a component that is chosen: the call of each arm's, of which one is computed. */
function inlineChosen(
  world: World,
  env: Env,
  call: Call,
  { name, span }: FnEntry,
  { subject, byLabel }: Chosen<FnEntry>,
  pick: number,
): Inlined | null {
  const made = new Map([...new Set(byLabel)].map((entry) => [entry, inline(world, env, call, entry, pick)]));
  const results = byLabel.map((entry) => made.get(entry) ?? null).filter((result) => result !== null);
  if (results.length < byLabel.length) return null;
  const tensors = results.flatMap((result) => (result.kind === "tensor" ? [result.tensor] : []));
  if (tensors.length === results.length) {
    const tensor = choice(world, env.scope, `${env.scope.prefix}${name}`, { subject, byLabel: tensors }, span);
    return tensor === null ? null : { kind: "tensor", tensor: { ...tensor, name: `${name}(…)` } };
  }
  const values = results.flatMap((result) => (result.kind === "scalar" ? [result.value] : []));
  const unified = values.length < results.length ? null : unify(world, env, values);
  if (unified === null) {
    faulty(world, env, "AM3006", call.span, `the arms' \`${name}\` give different sorts of things`, {
      labels: byLabel.slice(0, 2).map((entry) => ({ span: entry.span, text: "one of them" })),
    });
    return null;
  }
  if (unified.exprs.some((arm) => arm.kind === "unknown")) return null;
  return { kind: "scalar", value: { kind: "case", subject, arms: unified.exprs, type: unified.type, span: call.span } };
}

function evaluate(
  world: World,
  fn: TreeFn,
  scope: Scope,
  entry: FnEntry,
  call: Call,
  pick: number,
  mapped: readonly Index[],
): Inlined | null {
  const body = checkBody(world, fn, scope, pick);
  if (body === null || body.value.kind === "unknown") return null;
  const { own, value } = body;
  world.spend(sizeOf(value), call.span);
  if (own.length === 0 && mapped.length === 0) return { kind: "scalar", value };
  const axes = [
    ...mapped.map((index) => ({ index, name: index.name, span: call.span })),
    ...own.map((index) => ({ index, name: index.name, span: index.span })),
  ];
  const name = `${scope.prefix}${pick === 0 ? "result" : `result ${pick + 1}`}`;
  return {
    kind: "tensor",
    tensor: {
      ...lift(world, { name, span: entry.span, type: value.type, own: axes, value }),
      name: `${entry.name}(…)`,
    },
  };
}

/** A result's value over the axes that the header gives it; null where there is no expression for it. */
export function checkBody(
  world: World,
  fn: TreeFn,
  scope: Scope,
  pick: number,
): { readonly own: readonly Index[]; readonly value: Expr } | null {
  const inside = envOf(scope);
  const tree = bodyOf(world, fn, scope, pick);
  const own: Index[] = [];
  for (const name of fn.results?.[pick] ?? [])
    own.push(
      bindIndex(world, { ...inside, indices: [...inside.indices, ...own] }, name, {
        trees: tree === null ? [] : [tree],
      }),
    );
  return tree === null
    ? null
    : { own, value: checkExpr(world, { ...inside, indices: [...inside.indices, ...own] }, tree) };
}

/** The expression of a result; a block's statements are declared first. */
function bodyOf(world: World, fn: TreeFn, scope: Scope, pick: number): TreeExpr | null {
  const { body } = fn;
  if (body === null) return null;
  const returned: readonly TreeExpr[] | null =
    body.kind === "block" ? declareBlock(world, scope, body) : body.kind === "tuple" ? body.items : [body];
  if (returned === null) return null;
  const wanted = Math.max(1, fn.results?.length ?? 1);
  if (returned.length !== wanted) {
    world.report(scope, {
      code: "AM2017",
      span: body.span,
      message: `\`${fn.name.text}\` promises ${wanted} result${wanted === 1 ? "" : "s"} and returns ${returned.length}`,
      labels: [{ span: fn.name.span, text: "promised here" }],
    });
    return null;
  }
  return returned[pick] ?? null;
}

function declareBlock(
  world: World,
  scope: Scope,
  block: Extract<TreeExpr, { readonly kind: "block" }>,
): readonly TreeExpr[] | null {
  const last = block.statements.at(-1);
  if (last?.kind !== "return") {
    world.report(scope, {
      code: "AM2018",
      span: block.span,
      message: "this block does not end with `return`",
      help: "write `return EXPR` as its last statement",
    });
    return null;
  }
  for (const statement of declareStatements(world, scope, block.statements.slice(0, -1)))
    misplaced(world, scope, statement, "in the body of a fn");
  return last.values;
}
