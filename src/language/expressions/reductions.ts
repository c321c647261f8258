/** Reductions, normalisers and cross-entropy: what binds an index inside an expression. */
import type { Binder, Reduction } from "../../../grammar/tree.js";
import { entryAt, isWhole, whereThere } from "../batches.js";
import { constantExpr } from "../axes.js";
import { boundsOf } from "../bounds.js";
import { because, bindIndex } from "../indices.js";
import { mentions } from "../mentions.js";
import { boundIndex, type Env } from "../scopes.js";
import type { Expr, Index, Normaliser, Reducer, ScalarType } from "../typed.js";
import { notYet } from "../unsupported.js";
import { unknownAxis, type World } from "../world.js";
import { apply, bool, condition, faulty, int, numeric, real, toReal, typeName, unknown } from "./build.js";
import { checkExpr } from "./check.js";
import { checkMatrix, isMatrixName } from "./matrices.js";
import { normalisers, reducers, statistics } from "./reduction-names.js";
import { howMany, plain, share, splitArgument } from "./reduction-arguments.js";
import { placeAlong } from "./places.js";
import { axisEntry } from "./resolve.js";

function isReducer(name: string): name is Reducer {
  return Object.hasOwn(reducers, name);
}
function isNormaliser(name: string): name is Normaliser {
  return Object.hasOwn(normalisers, name);
}

export function checkReduction(world: World, env: Env, tree: Reduction): Expr {
  const name = tree.name.text;
  if (Object.hasOwn(statistics, name)) {
    return faulty(world, env, "AM2014", tree.name.span, `\`${name}\` is a statistic of results: a run cannot use it`, {
      help: "write it in a claim, a chart, or an equation that names results",
    });
  }
  if (name === "cross_entropy") return checkCrossEntropy(world, env, tree);
  if (isMatrixName(name)) return checkMatrix(world, env, tree);
  if (isReducer(name)) return checkReducer(world, env, tree, name);
  if (isNormaliser(name)) return checkNormaliser(world, env, tree, name);
  notYet(world, env.scope, tree.name.span, `\`${name}\``);
  return unknown(tree.span);
}

const within = (env: Env, tree: Reduction, bound: readonly Index[]): Env => ({
  ...env,
  indices: [...env.indices, ...bound],
  positions: false,
  reductions: [...env.reductions, tree],
});

/** Binds what stands in the parentheses. */
function bindAll(world: World, env: Env, tree: Reduction): readonly Index[] {
  const bound: Index[] = [];
  const trees = [tree.where, tree.body, tree.at].filter((part) => part !== null);
  for (const binder of tree.binders) {
    if (isRest(binder)) continue;
    const index = bindOne(world, { ...env, indices: [...env.indices, ...bound] }, tree, binder, trees);
    if (index !== null) bound.push(index);
  }
  return bound;
}

const isRest = ({ name }: Binder): boolean => name?.text === "..";

/** `sum(..) x[i, ..]`: the axes of an optimizer's parameter that its page does not name; null where none are meant. */
function bindRest(world: World, env: Env, tree: Reduction): readonly Index[] | null {
  const binder = tree.binders.find(isRest);
  if (binder === undefined) return null;
  const axes = env.scope.restAxes();
  if (axes !== null) return axes.map(({ name, axis }) => world.newIndex(name, axis, binder.span));
  faulty(
    world,
    env,
    "AM2112",
    binder.span,
    "`..` stands for the axes of an optimizer's parameter, and this is in no optimizer",
  );
  return null;
}

function bindOne(
  world: World,
  env: Env,
  tree: Reduction,
  binder: Binder,
  trees: Parameters<typeof bindIndex>[3]["trees"],
): Index | null {
  const { name, value } = binder;
  if (name === null) {
    faulty(world, env, "AM2113", binder.span, `\`${tree.name.text}\` reduces over indices, and this is none`, {
      help: `name an index: \`${tree.name.text}(i: dim) …\``,
    });
    return null;
  }
  if (value === null) return bindIndex(world, env, name, { trees });
  if (boundIndex(env, name.text) !== undefined) return bindIndex(world, env, name, { trees });
  if (value.kind === "range") {
    const [from, to] = [value.from, value.to].map((end) => constantExpr(world, env, end, "the end of a range"));
    if (from === undefined || to === undefined || from.kind === "unknown" || to.kind === "unknown")
      return world.newIndex(name.text, 0, name.span);
    for (const end of [from, to])
      if (end.type.kind !== "int")
        faulty(world, env, "AM3003", end.span, "the ends of a range are ints", {
          here: `this is ${typeName(world, end.type)}`,
        });
    return world.newIndex(name.text, world.addAxis(name.text, { kind: "range", from, to }, binder.span), name.span);
  }
  const axis = axisEntry(world, env, value) ?? unknownAxis;
  because(world, name, axis, { kind: "told", span: binder.span });
  return world.newIndex(name.text, axis, name.span);
}

function unusedIndices(
  world: World,
  env: Env,
  tree: Reduction,
  over: readonly Index[],
  used: readonly (Expr | null)[],
): void {
  for (const index of over) {
    if (
      index.axis === unknownAxis ||
      used.some((part) => part !== null && (part.kind === "unknown" || mentions(part, index)))
    )
      continue;
    world.report(env.scope, {
      code: "AM2114",
      span: index.span,
      message: `nothing that \`${tree.name.text}\` reduces depends on \`${index.name}\``,
      here: "bound, and not used in what follows",
      help: "if more was meant to belong to it, put that in parentheses",
    });
  }
}

function checkReducer(world: World, env: Env, written: Reduction, reducer: Reducer): Expr {
  const { tree, argument } = reducer === "quantile" ? splitArgument(world, env, written, share) : plain(written);
  const named = bindAll(world, env, tree);
  const rest = bindRest(world, env, tree);
  const over = [...named, ...(rest ?? [])];
  const inside: Env = { ...within(env, tree, named), rest: rest ?? env.rest };
  const told =
    tree.where === null ? null : condition(world, inside, checkExpr(world, inside, tree.where), "what follows `where`");
  const where = told?.kind === "unknown" ? told : whereThere(world, over, told, tree.span);
  if (tree.body === null) return unknown(tree.span);
  const operand = checkExpr(world, inside, tree.body);
  const { body, type } = typed(world, inside, reducer, operand, over);
  unusedIndices(world, env, tree, named, [told, operand]);
  if (rest?.length === 0 && over.length === 0 && where === null && ofOne.has(reducer)) return body;
  if ((reducer === "argmax" || reducer === "argmin") && over.length !== 1) {
    return faulty(world, env, "AM2113", tree.span, `\`${reducer}\` gives the place along one axis`, {
      here: `${over.length} indices are bound here`,
    });
  }
  if (over.length === 0 || body.kind === "unknown" || where?.kind === "unknown" || argument?.kind === "unknown")
    return unknown(tree.span, type);
  const more = argument === null ? {} : { argument };
  const value = { kind: "reduce", reducer, over, where, body, type, span: tree.span, ...more } as const;
  return type.kind === "index" ? entryAt(world, type.axis, value) : value;
}

/** Over no axis at all they give what they are of. */
const ofOne: ReadonlySet<Reducer> = new Set<Reducer>(["sum", "prod", "min", "max", "mean", "all", "any"]);

function typed(
  world: World,
  env: Env,
  reducer: Reducer,
  operand: Expr,
  over: readonly Index[],
): { readonly body: Expr; readonly type: ScalarType } {
  switch (reducer) {
    case "sum":
    case "prod":
    case "min":
    case "max": {
      const body = numeric(world, env, operand);
      return { body, type: body.type };
    }
    case "mean":
      if (operand.type.kind === "bool" && operand.kind !== "unknown")
        return { body: apply("real", [operand], real, operand.span), type: real };
      return { body: toReal(world, env, operand), type: real };
    case "logsumexp":
    case "median":
    case "quantile":
    case "norm":
    case "var":
    case "std":
      return { body: toReal(world, env, operand), type: real };
    case "all":
    case "any":
      return { body: condition(world, env, operand, `what \`${reducer}\` looks at`), type: bool };
    case "count":
      return { body: condition(world, env, operand, "what `count` counts"), type: int };
    case "fraction":
      return { body: condition(world, env, operand, "what `fraction` counts"), type: real };
    case "argmax":
    case "argmin":
      return { body: numeric(world, env, operand), type: { kind: "index", axis: over[0]?.axis ?? 0 } };
  }
}

/** A normaliser binds the index that stays free: it has to be there already. */
function checkNormaliser(world: World, env: Env, written: Reduction, normaliser: Normaliser): Expr {
  const { tree, argument } = normaliser === "top" ? splitArgument(world, env, written, howMany) : plain(written);
  const over: Index[] = [];
  const strays: Index[] = [];
  for (const binder of tree.binders) {
    const index = binder.name === null ? undefined : boundIndex(env, binder.name.text);
    if (index !== undefined && binder.value === null) over.push(index);
    else {
      const name = binder.name?.text ?? "…";
      strays.push(world.newIndex(name, unknownAxis, binder.span));
      faulty(
        world,
        env,
        "AM2108",
        binder.span,
        `\`${normaliser}\` keeps its index, and nothing binds \`${name}\` here`,
        {
          here: "not on the left side, and no reduction around it binds it",
          help: `write \`${name}\` on the left side of the equation`,
        },
      );
    }
  }
  const inside: Env = { ...env, indices: [...env.indices, ...strays], positions: false };
  const told =
    tree.where === null ? null : condition(world, inside, checkExpr(world, inside, tree.where), "what follows `where`");
  const where = told?.kind === "unknown" ? told : whereThere(world, over, told, tree.span);
  if (tree.body === null) return unknown(tree.span);
  const operand = checkExpr(world, inside, tree.body);
  unusedIndices(world, env, tree, over, [told, operand]);
  const goesAlong = alongOne.has(normaliser);
  const body = goesAlong ? numeric(world, inside, operand) : toReal(world, inside, operand);
  const type = normalisedType(normaliser, body, over);
  if (over.length < tree.binders.length || over.length === 0 || body.kind === "unknown" || where?.kind === "unknown")
    return unknown(tree.span, type);
  if (goesAlong && over.length > 1)
    return faulty(world, env, "AM2113", tree.span, `\`${normaliser}\` goes along one axis`);
  if (argument?.kind === "unknown") return unknown(tree.span, type);
  const stray = argument === null ? undefined : over.find((index) => mentions(argument, index));
  if (stray !== undefined && argument !== null)
    return faulty(
      world,
      env,
      "AM2113",
      argument.span,
      `\`${normaliser}\` takes one number for all of \`${stray.name}\``,
    );
  const rest = argument === null ? {} : { argument };
  const value = { kind: "normalise", normaliser, over, where, body, type, span: tree.span, ...rest } as const;
  return normaliser === "order" && type.kind === "index" ? entryAt(world, type.axis, value) : value;
}

/** Normalisers that take an order of the entries into account; ints stay ints in them. */
const alongOne: ReadonlySet<Normaliser> = new Set<Normaliser>(["cumsum", "cumprod", "sort", "rank", "order", "top"]);

function normalisedType(normaliser: Normaliser, body: Expr, over: readonly Index[]): ScalarType {
  switch (normaliser) {
    case "cumsum":
    case "cumprod":
    case "sort":
      return body.type;
    case "rank":
      return int;
    case "order":
      return { kind: "index", axis: over[0]?.axis ?? 0 };
    case "top":
      return bool;
    default:
      return real;
  }
}

function checkCrossEntropy(world: World, env: Env, tree: Reduction): Expr {
  const [over, ...others] = bindAll(world, env, tree);
  if (over === undefined || others.length > 0)
    return faulty(world, env, "AM2113", tree.span, "`cross_entropy` is over one index", {
      help: "`cross_entropy(class) score[class] at label`",
    });
  if (!isWhole(world, over))
    return faulty(world, env, "AM2113", over.span, "`cross_entropy` is over all classes", {
      here: `\`${over.name}\` is a part of the data in each step`,
    });
  const inside: Env = within(env, tree, [over]);
  const where =
    tree.where === null ? null : condition(world, inside, checkExpr(world, inside, tree.where), "what follows `where`");
  // The parser has told what is missing.
  if (tree.body === null || tree.at === null) return unknown(tree.span);
  const logits = toReal(world, inside, checkExpr(world, inside, tree.body));
  const target = checkExpr(world, inside, tree.at);
  unusedIndices(world, env, tree, [over], [logits]);
  if (logits.kind === "unknown" || target.kind === "unknown" || where?.kind === "unknown") return unknown(tree.span);
  if (mentions(target, over)) {
    const value = toReal(world, inside, target);
    if (value.kind === "unknown") return unknown(tree.span);
    return { kind: "cross_entropy", over, where, logits, target: { kind: "soft", value }, type: real, span: tree.span };
  }
  const value =
    target.type.kind === "label"
      ? { ...target, type: int }
      : placeAlong(world, env, tree.at, { name: over.name, axis: over.axis }, target);
  if (value.kind === "unknown") return unknown(tree.span);
  if (value.type.kind !== "int") {
    return faulty(
      world,
      env,
      "AM3012",
      tree.at.span,
      "the target is a position, or a tensor that has the axis itself",
      {
        here: `this is ${typeName(world, value.type)}, and does not depend on \`${over.name}\``,
      },
    );
  }
  const place = over.axis === unknownAxis ? "inside" : boundsOf(world, value, over.axis);
  if (place === "outside")
    return faulty(world, env, "AM4011", tree.at.span, `this is no position of axis \`${world.axis(over.axis).name}\``);
  const bounds = place === "inside" ? "proven" : "checked";
  return {
    kind: "cross_entropy",
    over,
    where,
    logits,
    target: { kind: "position", value, bounds },
    type: real,
    span: tree.span,
  };
}
