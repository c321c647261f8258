/** Which axis an index variable ranges over, and the binding of index variables on left sides. */
import type { Expr as TreeExpr, Name, SubscriptItem, Target, TupleLiteral } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { positionsOf, type Position } from "./infer.js";
import { reasonKey, whyFrom, type AxisReason } from "./inference.js";
import { productAxis } from "./products.js";
import { boundIndex, type AxisEntry, type Env, type Scope, type SweepEntry, type TensorAxis } from "./scopes.js";
import type { AxisId, Index } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

/** An exactly declared name first; else primes, then digits are taken off, and the longest axis name wins. */
export function axisOfName(scope: Scope, name: string): AxisEntry | SweepEntry | undefined {
  for (let text = name; text !== ""; text = text.slice(0, -1)) {
    const entry = scope.lookupAxis(text);
    if (entry !== undefined) return entry;
    if (!/['\d\u2080-\u2089]$/u.test(text)) return undefined;
  }
  return undefined;
}

/** What a name that is to become an index says about its axis. */
export interface Wanted {
  /** Expressions in which the index may stand as a bare subscript. */
  readonly trees: readonly TreeExpr[];
  /** The axis of the position on a left side, where it is known already. */
  readonly position?: TensorAxis & { readonly tensor: string };
}

/** Makes the index of a name; rebinding a bound one, a sweep variable, or a name without an axis is a fault. */
export function bindIndex(world: World, env: Env, name: Name, wanted: Wanted): Index {
  return world.newIndex(name.text, axisForName(world, env, name, wanted), name.span);
}

function axisForName(world: World, env: Env, name: Name, wanted: Wanted): AxisId {
  const bound = boundIndex(env, name.text) ?? scannedBy(env, name);
  if (bound !== undefined) {
    world.report(env.scope, {
      code: "AM2107",
      span: name.span,
      message: `\`${name.text}\` is bound already`,
      here: "bound a second time",
      labels: [{ span: bound.span, text: "bound here" }],
      help: `use another name for it: \`${name.text}'\``,
    });
    return bound.axis;
  }
  const entry = axisOfName(env.scope, name.text);
  if (entry?.kind === "sweep") return refuseSweep(world, env, name, entry);
  const axis = entry?.axis.get();
  const { position } = wanted;
  if (position !== undefined) {
    if (axis !== undefined && !world.sameAxis(axis, position.axis)) {
      world.report(env.scope, {
        code: "AM2103",
        span: name.span,
        message: `\`${name.text}\` indexes an axis of \`${world.axis(position.axis).name}\``,
        here: `this position of \`${position.tensor}\` is axis \`${world.axis(position.axis).name}\``,
        labels: [{ span: position.span, text: `\`${position.tensor}\` is declared here` }],
      });
    } else if (axis === undefined && !isAt(position.span, name.span))
      because(world, name, position.axis, { kind: "declared", tensor: position.tensor, from: position });
    return position.axis;
  }
  return axis ?? axisFromPlaces(world, env, name, wanted.trees);
}

/** The index of a scan is bound in its body. */
function scannedBy(env: Env, { text }: Name): Pick<Index, "span" | "axis"> | undefined {
  const entry = env.scope.lookup(text);
  if (entry?.kind !== "value" || entry.scanned === undefined) return undefined;
  return { span: entry.span, axis: entry.scanned ?? unknownAxis };
}

/** A state's own left side is where it is declared. */
const isAt = (first: Span, second: Span): boolean => first.file === second.file && first.start === second.start;

/** Keeps why a name that is none of an axis ranges over one. */
export function because(world: World, { span }: Name, axis: AxisId, reason: AxisReason): void {
  world.reasons.set(reasonKey({ span, axis }), reason);
}

function refuseSweep(world: World, env: Env, name: Name, entry: SweepEntry): AxisId {
  world.report(env.scope, {
    code: "AM2110",
    span: name.span,
    message: `\`${name.text}\` is a sweep: runs must not depend on each other`,
    here: "cannot be an index inside a run",
    labels: [{ span: entry.span, text: "the sweep" }],
    help: "reduce over it in a claim, a chart, or an equation that names results",
  });
  return unknownAxis;
}

/** Any other letter takes the axis of the positions where it stands. */
function axisFromPlaces(world: World, env: Env, name: Name, trees: readonly TreeExpr[]): AxisId {
  const places: readonly Position[] = positionsOf(world, env, name.text, trees).filter(
    ({ axis }) => axis !== unknownAxis,
  );
  const first = places[0];
  if (first === undefined) {
    world.report(env.scope, {
      code: "AM2101",
      span: name.span,
      message: `over which axis does \`${name.text}\` range?`,
      here: "no axis has this name, and it stands alone in no subscript",
      help: `name its axis: \`${name.text}: ${nearestAxis(env.scope)}\``,
    });
    return unknownAxis;
  }
  const other = places.find(({ axis }) => axis !== first.axis);
  if (other !== undefined) {
    const names = [first, other].map(({ axis }) => `\`${world.axis(axis).name}\``);
    world.report(env.scope, {
      code: "AM2102",
      span: name.span,
      message: `\`${name.text}\` stands for two different axes: ${names.join(" and ")}`,
      labels: [first, other].flatMap((place, k) => [
        { span: place.span, text: `it ranges over ${names[k] ?? ""} because of \`${place.text}\`` },
        ...whyFrom(world, place.from),
      ]),
      help: "use two names",
    });
    return unknownAxis;
  }
  because(world, name, first.axis, { kind: "place", ...first });
  return first.axis;
}

function nearestAxis(scope: Scope): string {
  return scope.names().find((name) => scope.lookupAxis(name)?.kind === "axis") ?? "dim";
}

/** What a left side binds: its indices, of which some may stand for `..`. */
export interface Bound {
  readonly indices: readonly Index[];
  /** Those that the text names; what `..` stands for has no names. */
  readonly named: readonly Index[];
  readonly rest: readonly Index[] | null;
  /** Those of `indices` that were written by their factors, `(row, col)`. */
  readonly products: readonly { readonly index: Index; readonly factors: readonly Index[] }[];
}

/** The place where the right side of a left side is checked. */
export function inside(env: Env, bound: Bound): Env {
  return { ...env, indices: [...env.indices, ...bound.named], rest: bound.rest ?? env.rest };
}

/**
 * Binds the names in the brackets of a left side. `positions` are the axes where they are known already (a state, a
 * parameter, a tensor that is replaced).
 */
export function bindTarget(
  world: World,
  env: Env,
  target: Target,
  trees: readonly TreeExpr[],
  positions: readonly TensorAxis[] | null,
): Bound {
  const tensor = target.path.map((name) => name.text).join(".");
  const items = target.subscripts ?? [];
  const indices: Index[] = [];
  const named: Index[] = [];
  const products: { readonly index: Index; readonly factors: readonly Index[] }[] = [];
  let rest: readonly Index[] | null = null;
  if (positions !== null && !checkCount(world, env, target, items, positions))
    return fallback(world, positions, target.span);
  for (const item of items) {
    const here = { ...env, indices: [...env.indices, ...named] };
    if (item.value.kind === "rest") {
      const axes = positions?.slice(indices.length) ?? restAxes(world, env, item);
      rest = axes.map((axis) => world.newIndex(axis.name, axis.axis, item.span));
      indices.push(...rest);
      continue;
    }
    const name = indexName(item);
    const position = positions?.[indices.length];
    if (name === null) {
      if (item.value.kind === "expr" && item.value.expr.kind === "tuple") {
        const factors = bindFactors(world, here, item.value.expr, trees);
        const axis = productAxis(world, env, item, factors, position === undefined ? null : { ...position, tensor });
        const index = world.newIndex(axis === unknownAxis ? "?" : world.axis(axis).name, axis, item.span);
        indices.push(index);
        named.push(...factors);
        products.push({ index, factors });
        continue;
      }
      refuseItem(world, env, item);
      indices.push(world.newIndex("?", position?.axis ?? unknownAxis, item.span));
      continue;
    }
    const index = bindIndex(world, here, name, {
      trees,
      ...(position === undefined ? {} : { position: { ...position, tensor } }),
    });
    indices.push(index);
    named.push(index);
  }
  return { indices, named, rest, products };
}

function restAxes(world: World, env: Env, item: SubscriptItem): readonly TensorAxis[] {
  const axes = env.scope.restAxes();
  if (axes !== null) return axes;
  world.report(env.scope, {
    code: "AM2112",
    span: item.span,
    message: "`..` stands for the axes of an optimizer's parameter, and this is in no optimizer",
  });
  return [];
}

function indexName(item: SubscriptItem): Name | null {
  return item.name === null && item.value.kind === "expr" && item.value.expr.kind === "name" ? item.value.expr : null;
}

/** `(row, col)`: the indices of the factors. */
function bindFactors(world: World, env: Env, tuple: TupleLiteral, trees: readonly TreeExpr[]): readonly Index[] {
  const found: Index[] = [];
  for (const part of tuple.items) {
    if (part.kind === "name")
      found.push(bindIndex(world, { ...env, indices: [...env.indices, ...found] }, part, { trees }));
    else {
      refuseItem(world, env, { name: null, value: { kind: "expr", expr: part }, span: part.span });
      found.push(world.newIndex("?", unknownAxis, part.span));
    }
  }
  return found;
}

function refuseItem(world: World, env: Env, item: SubscriptItem): void {
  world.report(env.scope, {
    code: "AM2111",
    span: item.span,
    message: "a left side names its indices, nothing else",
    here: "this is no index",
    help: "write an index here and say on the right side, with `if` or `where`, what holds for it",
  });
}

function checkCount(
  world: World,
  env: Env,
  target: Target,
  items: readonly SubscriptItem[],
  positions: readonly TensorAxis[],
): boolean {
  const hasRest = items.some((item) => item.value.kind === "rest");
  if (hasRest ? items.length - 1 <= positions.length : items.length === positions.length) return true;
  const name = target.path.map((part) => part.text).join(".");
  world.report(env.scope, {
    code: "AM2105",
    span: target.span,
    message: `\`${name}\` has ${countOf(positions.length, "axis", "axes")}, and ${countOf(items.length, "index is", "indices are")} written`,
    here: `it is \`${tensorText(name, positions)}\``,
    help: `write \`${tensorText(name, positions)}\``,
  });
  return false;
}

function fallback(world: World, positions: readonly TensorAxis[], span: Span): Bound {
  const indices = positions.map((axis) => world.newIndex(axis.name, axis.axis, span));
  return { indices, named: indices, rest: null, products: [] };
}

export function countOf(count: number, one: string, many: string): string {
  return `${count === 0 ? "no" : count} ${count === 1 ? one : many}`;
}

/** `e[token, dim]`. */
export function tensorText(name: string, axes: readonly { readonly name: string }[]): string {
  return axes.length === 0 ? name : `${name}[${axes.map((axis) => axis.name).join(", ")}]`;
}
