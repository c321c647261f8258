/** Subscripts: indices, gathers, diagonals, and what happens outside of an axis. */
import type {
  Call,
  Expr as TreeExpr,
  Name,
  Subscript as TreeSubscript,
  SubscriptItem,
  TupleLiteral,
} from "../../../grammar/tree.js";
import { checkTensorCall } from "../functions.js";
import { countOf, tensorText } from "../indices.js";
import { entryOf } from "../infer.js";
import { liesIn, rootOf, routesInto } from "../made-axes.js";
import { type Env, type Tensor, type TensorAxis, Whole, boundIndex } from "../scopes.js";
import { nearest } from "../suggest.js";
import type { Expr, Subscript } from "../typed.js";
import { type World, unknownAxis } from "../world.js";
import { ambiguous, faulty, unknown } from "./build.js";
import { checkExpr } from "./check.js";
import { checkElement } from "./elements.js";
import { areExchanged, mismatch, wrongCount } from "./misplaced.js";
import { read, tensorNamed } from "./names.js";
import { checkGather, checkInside, outside, placeNames } from "./places.js";
import { pathText } from "./resolve.js";
import { whereUnbound } from "./unbound.js";

export function checkSubscript(world: World, env: Env, tree: TreeSubscript): Expr {
  const { object, span } = tree;
  if (object.kind === "name" && boundIndex(env, object.text) === undefined) {
    const entry = env.scope.lookup(object.text);
    if (entry?.kind === "constant") return checkElement(world, env, tree, entry);
  }
  const tensor = subscripted(world, env, object);
  if (tensor === null) {
    checkLoose(world, env, tree);
    return unknown(span);
  }
  const subscripts = checkItems(world, env, tree, tensor, written(object));
  return subscripts === null ? unknown(span, tensor.type) : read(tensor, subscripts, span);
}

/** What stands before the brackets. */
function subscripted(world: World, env: Env, object: TreeExpr): Tensor | null {
  switch (object.kind) {
    case "name":
    case "member":
      return isOver(env, object) ? withoutMember(world, env, object) : tensorNamed(world, env, object);
    case "call":
      return checkTensorCall(world, env, object);
    case "missing":
      return null;
    case "subscript": {
      if (isOver(env, object.object)) return withoutMember(world, env, object.object);
      faulty(world, env, "AM2109", object.span, "only a tensor with a name can be subscripted", {
        help: "write all subscripts in one pair of brackets",
      });
      return null;
    }
    default:
      faulty(world, env, "AM2109", object.span, "only a tensor with a name can be subscripted", {
        here: "this is an expression",
        help: "give it a name by an equation of its own",
      });
      return null;
  }
}

/** Whether a path names a component over axes. */
function isOver(env: Env, path: TreeExpr): boolean {
  const entry = entryOf(env, path);
  return entry?.kind === "component" && entry.instance.get()?.over !== undefined;
}

function withoutMember(world: World, env: Env, path: TreeExpr): null {
  const text = `${pathText(path)}[…]`;
  faulty(world, env, "AM2109", path.span, `\`${text}\` is a component, and a value is wanted here`, {
    help: `name one of its members: \`${text}.NAME\``,
  });
  return null;
}

function written(object: TreeExpr): string {
  return object.kind === "call" ? `${pathText((object satisfies Call).callee)}(…)` : pathText(object);
}

/** Subscripts of something unknown are still looked at, so that their own faults are told. */
function checkLoose(world: World, env: Env, tree: TreeSubscript): void {
  for (const { value } of tree.items) {
    if (value.kind !== "expr" || value.expr.kind === "name" || value.expr.kind === "tuple") continue;
    const { expr } = value;
    const inner =
      expr.kind === "call" && expr.callee.kind === "name" && Object.hasOwn(outside, expr.callee.text)
        ? expr.args[0]
        : undefined;
    checkExpr(
      world,
      { ...env, positions: true, along: null, whole: env.whole ?? new Whole(world) },
      inner?.kind === "positional" ? inner.value : expr,
    );
  }
}

export function checkItems(
  world: World,
  env: Env,
  tree: TreeSubscript,
  tensor: Tensor,
  name: string,
): readonly Subscript[] | null {
  const items = tree.items;
  if (items.some((item) => item.name !== null)) return checkNamedItems(world, env, tree, tensor, name);
  const restAt = items.findIndex((item) => item.value.kind === "rest");
  const rest = restAt >= 0 ? (env.rest ?? []) : [];
  const count = restAt >= 0 ? items.length - 1 + rest.length : items.length;
  if (restAt >= 0 && env.rest === null) {
    faulty(
      world,
      env,
      "AM2112",
      items[restAt]?.span ?? tree.span,
      "`..` stands for the axes of an optimizer's parameter, and this is in no optimizer",
    );
    return null;
  }
  if (count !== tensor.axes.length) {
    wrongCount(world, env, tree, tensor, name, count);
    checkLoose(world, env, tree);
    return null;
  }
  if (restAt < 0 && areExchanged(world, env, tree, tensor, name)) return null;
  const found: (Subscript | null)[] = [];
  items.forEach((item, k) => {
    if (k === restAt) {
      rest.forEach((index) => found.push({ kind: "index", index, span: item.span }));
      return;
    }
    const axis = tensor.axes[found.length];
    if (axis !== undefined) found.push(checkItem(world, env, item, axis, tensor, name, found.length));
  });
  const subscripts = found.filter((subscript) => subscript !== null);
  return subscripts.length < found.length ? null : subscripts;
}

/** `x[pos: e]`: axes by name; those without a name follow the order of the axes that are left. */
function checkNamedItems(
  world: World,
  env: Env,
  tree: TreeSubscript,
  tensor: Tensor,
  name: string,
): readonly Subscript[] | null {
  const placed = placeNames(world, env, tree.items, tensor, name);
  if (placed === null) return null;
  const stray = tree.items.find((item) => item.name !== null && !placed.some((place) => place?.item === item));
  const text = tensorText(name, tensor.axes);
  if (stray !== undefined) {
    faulty(world, env, "AM2105", stray.span, `\`${name}\` has no axis \`${stray.name?.text ?? ""}\``, {
      here: `it is \`${text}\``,
      labels: [{ span: tensor.span, text: "declared here" }],
    });
    return null;
  }
  const unnamed = tree.items.filter((item) => item.name === null);
  const found = tensor.axes.map((axis, k) => {
    const place = placed[k];
    const item = place?.item ?? unnamed.shift();
    if (item === undefined) return undefined;
    return place === undefined || place.inside === null
      ? checkItem(world, env, item, axis, tensor, name, k)
      : checkInside(world, env, item, place.inside, name);
  });
  if (found.some((subscript) => subscript === undefined)) {
    faulty(world, env, "AM2105", tree.span, `\`${name}\` is subscripted along some of its axes only`, {
      here: `it is \`${text}\``,
      labels: [{ span: tensor.span, text: "declared here" }],
    });
    return null;
  }
  const subscripts = found.filter((subscript) => subscript !== null && subscript !== undefined);
  return subscripts.length < found.length ? null : subscripts;
}

function checkItem(
  world: World,
  env: Env,
  item: SubscriptItem,
  axis: TensorAxis,
  tensor: Tensor,
  name: string,
  place: number,
): Subscript | null {
  const { value, span } = item;
  switch (value.kind) {
    case "whole": {
      const ordinal = tensor.axes.slice(0, place).filter((other) => other.axis === axis.axis).length;
      const index = env.whole?.take(axis.axis, ordinal, axis.name, true, span);
      if (index !== undefined) return { kind: "index", index, span };
      faulty(
        world,
        env,
        "AM2112",
        span,
        "`:` passes an axis whole, and that is possible only in the argument of a fn",
        { help: `write an index: \`${tensorText(name, tensor.axes)}\`` },
      );
      return null;
    }
    case "rest":
      faulty(world, env, "AM2112", span, "`..` stands once, among subscripts without names");
      return null;
    case "position":
    case "near":
      faulty(
        world,
        env,
        "AM2112",
        span,
        `\`${value.kind === "near" ? "near" : "#"}\` selects among the coordinates of a result, and this is in a run`,
      );
      return null;
    case "expr":
      return value.expr.kind === "tuple"
        ? checkProduct(world, env, item, value.expr, axis, tensor, name)
        : checkPosition(world, env, item, value.expr, axis, tensor, name);
  }
}

/** `x[(row, col)]`: on an axis that is a product, one subscript for each factor. */
function checkProduct(
  world: World,
  env: Env,
  item: SubscriptItem,
  tuple: TupleLiteral,
  axis: TensorAxis,
  tensor: Tensor,
  name: string,
): Subscript | null {
  if (axis.axis === unknownAxis) return null;
  const { kind, name: product, span } = world.axis(axis.axis);
  const factors = kind.kind === "product" ? kind.factors : [];
  const names = factors.map((factor) => world.axis(factor).name);
  if (factors.length !== tuple.items.length) {
    faulty(
      world,
      env,
      "AM2121",
      item.span,
      factors.length === 0
        ? `axis \`${product}\` is no product: it takes one subscript`
        : `\`${product}\` is the product ${names.join(" * ")}, and ${countOf(tuple.items.length, "subscript is", "subscripts are")} written`,
      { here: `this position of \`${name}\``, labels: [{ span, text: "the axis is declared here" }] },
    );
    return null;
  }
  const stray = tuple.items.find((tree, k) => {
    const index = tree.kind === "name" ? boundIndex(env, tree.text) : undefined;
    const factor = factors[k] ?? unknownAxis;
    return index !== undefined && !world.sameAxis(index.axis, factor) && !liesIn(world.axes, index.axis, factor);
  });
  if (stray !== undefined) {
    faulty(world, env, "AM2121", stray.span, `\`${product}\` is the product ${names.join(" * ")}`, {
      here: `here an index of \`${names[tuple.items.indexOf(stray)] ?? ""}\` is wanted`,
      labels: [{ span, text: "the axis is declared here" }],
      help: `write \`(${names.join(", ")})\``,
    });
    return null;
  }
  const found = tuple.items.map((tree, k): Subscript | null => {
    const factor: TensorAxis = {
      name: world.axis(factors[k] ?? unknownAxis).name,
      axis: factors[k] ?? unknownAxis,
      span,
    };
    const part: SubscriptItem = { name: null, value: { kind: "expr", expr: tree }, span: tree.span };
    const of: Tensor = { ...tensor, axes: [factor], span };
    return checkItem(world, env, part, factor, of, name, 0);
  });
  const subscripts = found.filter((subscript) => subscript !== null);
  return subscripts.length < found.length ? null : { kind: "product", factors: subscripts, span: item.span };
}

function checkPosition(
  world: World,
  env: Env,
  item: SubscriptItem,
  tree: TreeExpr,
  axis: TensorAxis,
  tensor: Tensor,
  name: string,
): Subscript | null {
  const { span } = item;
  const index = tree.kind === "name" ? boundIndex(env, tree.text) : undefined;
  if (index !== undefined) {
    if (world.sameAxis(index.axis, axis.axis)) return { kind: "index", index, span };
    const routes = routesInto(world.axes, index.axis, axis.axis);
    if (routes.length === 1) return { kind: "index", index, span };
    if (routes.length > 1) {
      ambiguous(world, env, tree, axis.axis);
      return null;
    }
    const of = world.batches.get(index.axis)?.of;
    const isEntry = of !== undefined && (of === axis.axis || liesIn(world.axes, of, axis.axis));
    if (item.name === null && !isEntry) {
      mismatch(world, env, tree, axis, tensor, name);
      return null;
    }
  }
  if (index === undefined && item.name === null && isScannedElsewhere(world, env, tree, axis)) {
    mismatch(world, env, tree, axis, tensor, name);
    return null;
  }
  if (tree.kind === "name" && index === undefined && isStray(env, tree)) {
    faulty(world, env, "AM2106", span, `nothing binds the index \`${tree.text}\` here`, {
      here: `this position of \`${name}\` is axis \`${world.axis(axis.axis).name}\``,
      ...whereUnbound(env, tree.text),
    });
    return null;
  }
  return checkGather(world, env, tree, axis, name, item.name !== null);
}

/** The index of a scan over an axis of which no position is one of this axis. */
function isScannedElsewhere(world: World, { scope }: Env, tree: TreeExpr, { axis }: TensorAxis): boolean {
  const entry = tree.kind === "name" ? scope.lookup(tree.text) : undefined;
  const scanned = entry?.kind === "value" ? (entry.scanned ?? null) : null;
  if (scanned === null || world.sameAxis(scanned, axis)) return false;
  const isOfOneWhole = rootOf(world.axes, scanned) === rootOf(world.axes, axis);
  return !isOfOneWhole && routesInto(world.axes, scanned, axis).length === 0;
}

/** A name that means nothing and is like none that does. */
function isStray({ scope, indices, closed }: Env, { text }: Name): boolean {
  if (scope.lookup(text) !== undefined || ["step", "epoch", "pi", "inf"].includes(text)) return false;
  if (closed.some(({ binders }) => binders.some((binder) => binder.name?.text === text))) return true;
  return nearest(text, [...indices.map(({ name }) => name), ...scope.names()]) === null;
}
