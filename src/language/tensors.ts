/** Right sides of tensors: equations, literals, parameters, states. */
import type { Expr as TreeExpr, Initial as TreeInitial, Target } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { constantExpr } from "./axes.js";
import { sizesOf } from "./bounds.js";
import { drawOf } from "./draws.js";
import { coordinate, faulty, real, toReal, typeName, unify } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { checkDecomposition, checkProjector } from "./expressions/matrices.js";
import { read } from "./expressions/names.js";
import { resolve } from "./expressions/resolve.js";
import { checkTensorCall, inline } from "./functions.js";
import { inside, tensorText, type Bound } from "./indices.js";
import { checkRight } from "./joined.js";
import { freshFor, lift } from "./lifting.js";
import { overAll } from "./over-axes.js";
import { subscriptOf } from "./outer-indices.js";
import { renameInitial } from "./rename-draws.js";
import { closed } from "./products.js";
import type { Env, Tensor, TensorAxis } from "./scopes.js";
import type { DefinitionBody, Expr, Index, IndexId, Initial, ScalarType } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

/** The left side. */
export interface Header {
  /** Qualified: `M.W`. */
  readonly name: string;
  /** As written: `W`. */
  readonly shown: string;
  readonly span: Span;
  readonly doc: string | null;
  readonly bound: Bound;
  /** The axes with the names that readers see. */
  readonly axes: readonly TensorAxis[];
  /** Indices of the component over axes that it belongs to. */
  readonly over: readonly Index[];
}

/** The left side of a tensor that no other declaration stands behind. */
export function headerOf(name: string, target: Target, doc: string | null, bound: Bound): Header {
  const axes = bound.indices.map((index): TensorAxis => ({
    name: index.name,
    axis: index.axis,
    span: target.span,
    bound: index.span,
  }));
  return { name, shown: target.path[0]?.text ?? "", span: target.span, doc, bound, axes, over: [] };
}

function owned(header: Header): Parameters<typeof lift>[1]["own"] {
  return header.bound.indices.map((index, k) => ({
    index,
    name: header.axes[k]?.name ?? index.name,
    span: header.axes[k]?.span ?? header.span,
  }));
}

/** A definition of its own kind, of which the component's indices are the first. */
export function defined(
  world: World,
  header: Header,
  type: ScalarType,
  body: (names: ReadonlyMap<IndexId, Index>) => DefinitionBody,
): Tensor {
  const { name, shown, span, doc, bound, axes, over } = header;
  const { fresh, names } = freshFor(world, over);
  const definition = world.addDefinition(name, [...fresh, ...bound.indices], type, body(names), span, doc);
  const prefix = over.map(subscriptOf);
  const picked = over.length === 0 ? {} : { picked: true as const };
  return { name: shown, source: { kind: "definition", definition }, prefix, axes, type, span, ...picked };
}

export function checkEquation(
  world: World,
  env: Env,
  header: Header,
  tree: TreeExpr,
  targets: number,
  pick: number,
): Tensor | null {
  if (tree.kind === "list" && header.bound.indices.length > 0) return checkLiteral(world, env, header, tree);
  if (tree.kind === "list" || tree.kind === "range") {
    faulty(world, env, "AM3004", tree.span, `\`${header.shown}\` has no axis for this list`, {
      help: `write \`${header.shown}[axis] = …\`, or \`let ${header.shown} = …\``,
    });
    return null;
  }
  const here = inside(env, header.bound);
  const value = checkValue(world, here, header, tree, targets, pick);
  if (value === null || value.kind === "unknown") return null;
  const tensor = lift(world, {
    name: header.name,
    span: header.span,
    doc: header.doc,
    type: value.type,
    own: owned(header),
    value,
    over: header.over,
  });
  return { ...tensor, name: header.shown };
}

function checkValue(
  world: World,
  env: Env,
  header: Header,
  tree: TreeExpr,
  targets: number,
  pick: number,
): Expr | null {
  if (targets > 1) {
    const value = checkResult(world, env, header, tree, targets, pick);
    return value === null ? null : closed(header.bound, value);
  }
  if (tree.kind === "reduction" && tree.name.text === "projector") return checkProjector(world, env, header, tree);
  return checkRight(world, env, header.bound, tree);
}

/** One of several results at once: `(q[a], k[a]) = f(x[:])`. */
function checkResult(
  world: World,
  env: Env,
  header: Header,
  tree: TreeExpr,
  targets: number,
  pick: number,
): Expr | null {
  if (tree.kind === "tuple") {
    const item = tree.items[pick];
    if (item !== undefined && tree.items.length === targets) return checkExpr(world, env, item);
  }
  if (tree.kind !== "call") {
    if (tree.kind === "reduction") return checkDecomposition(world, env, header, tree, targets, pick);
    faulty(world, env, "AM2017", tree.span, `this gives no ${targets} results`, {
      help: "call a fn that returns as many",
    });
    return null;
  }
  const entry = tree.callee.kind === "name" || tree.callee.kind === "member" ? resolve(world, env, tree.callee) : null;
  if (entry?.kind !== "fn") return entry === null ? null : (checkTensorCall(world, env, tree), null);
  const promised = Math.max(1, entry.fn.results?.length ?? 1);
  if (promised !== targets) {
    faulty(
      world,
      env,
      "AM2017",
      tree.span,
      `\`${entry.name}\` has ${promised} result${promised === 1 ? "" : "s"}, and ${targets} are taken`,
      { labels: [{ span: entry.span, text: "declared here" }] },
    );
    return null;
  }
  const result = inline(world, env, tree, entry, pick);
  if (result === null) return null;
  if (result.kind === "scalar") return result.value;
  const { tensor } = result;
  // Indices that the arguments use are those of the place; the others belong to the result.
  const indices = header.bound.indices.filter(
    (index) => !tensor.prefix.some((given) => given.kind === "index" && given.index.id === index.id),
  );
  const fits =
    tensor.axes.length === indices.length &&
    tensor.axes.every((axis, k) => world.sameAxis(axis.axis, indices[k]?.axis ?? unknownAxis));
  if (fits)
    return read(
      tensor,
      indices.map((index) => ({ kind: "index", index, span: tree.span })),
      tree.span,
    );
  faulty(
    world,
    env,
    "AM2103",
    tree.span,
    `result ${pick + 1} of \`${entry.name}\` is over [${tensor.axes.map((axis) => world.axis(axis.axis).name).join(", ")}]`,
    {
      labels: [{ span: header.span, text: `and goes into \`${tensorText(header.shown, header.axes)}\`` }],
    },
  );
  return null;
}

// ------------------------------------------------------------------- literals

/** A nested list as the whole right side. */
export function checkLiteral(
  world: World,
  env: Env,
  header: Header,
  tree: Extract<TreeExpr, { readonly kind: "list" }>,
): Tensor | null {
  const trees = flatten(world, env, header, tree, 0);
  if (trees === null) return null;
  const entries = trees.map((item) => constantExpr(world, env, item, "an entry of a tensor literal"));
  if (entries.some((entry) => entry.kind === "unknown")) return null;
  const unified = unify(world, env, entries);
  if (unified === null) {
    faulty(world, env, "AM3009", tree.span, "the entries of this tensor have different types", {
      labels: entries.map((entry) => ({ span: entry.span, text: typeName(world, entry.type) })),
    });
    return null;
  }
  const literal: Header = { ...header, over: [] };
  const tensor = defined(world, literal, unified.type, () => ({ kind: "literal", entries: unified.exprs }));
  return overAll(world, header, tensor);
}

/** The levels of a nested list: a product that was written by its factors has one for each. */
function levelsOf(header: Header): readonly { readonly index: Index; readonly name: string }[] {
  return header.bound.indices.flatMap((index, k) => {
    const product = header.bound.products.find((candidate) => candidate.index === index);
    return (
      product?.factors.map((factor) => ({ index: factor, name: factor.name })) ?? [
        { index, name: header.axes[k]?.name ?? index.name },
      ]
    );
  });
}

function flatten(world: World, env: Env, header: Header, tree: TreeExpr, depth: number): readonly TreeExpr[] | null {
  const level = levelsOf(header)[depth];
  if (level === undefined) {
    if (tree.kind !== "list") return [tree];
    faulty(
      world,
      env,
      "AM3020",
      tree.span,
      `this list is nested deeper than \`${tensorText(header.shown, header.axes)}\` has axes`,
    );
    return null;
  }
  const { index, name: axis } = level;
  if (tree.kind !== "list") {
    if (tree.kind !== "missing")
      faulty(world, env, "AM3020", tree.span, `a list along axis \`${axis}\` is wanted here`);
    return null;
  }
  const sizes = sizesOf(world, index.axis);
  if (sizes?.some((size) => size !== tree.items.length) === true) {
    faulty(
      world,
      env,
      "AM3020",
      tree.span,
      `axis \`${axis}\` has ${sizes.length === 1 ? `${sizes[0] ?? 0} positions` : "different sizes at different points"}, and ${tree.items.length} are written`,
      {
        labels: [{ span: world.axis(index.axis).span, text: "the axis" }],
      },
    );
    return null;
  }
  const rows = tree.items.map((item) => flatten(world, env, header, item, depth + 1));
  return rows.some((row) => row === null) ? null : rows.flatMap((row) => row ?? []);
}

// --------------------------------------------------------- parameters, states

export function checkParam(world: World, env: Env, header: Header, tree: TreeInitial): Tensor | null {
  const init = checkInitial(world, env, header, tree);
  if (init === null) return null;
  const value = init.kind === "value" ? toReal(world, env, init.value) : null;
  if (value?.kind === "unknown") return null;
  const made: Initial = value === null ? init : { kind: "value", value };
  return defined(world, header, real, (names) => ({ kind: "param", init: renameInitial(made, names) }));
}

export function checkState(world: World, env: Env, header: Header, tree: TreeInitial): Tensor | null {
  const init = checkInitial(world, env, header, tree);
  if (init === null) return null;
  const start: ScalarType = init.kind === "value" ? init.value.type : init.type;
  const wider = world.widened.get(header.name);
  const type: ScalarType = wider === undefined ? start : { kind: wider };
  const made: Initial =
    init.kind === "draw"
      ? { kind: "draw", draw: init.draw }
      : { kind: "value", value: startOf(world, env, init.value, type) };
  if (made.kind === "value" && made.value.kind === "unknown") return null;
  return defined(world, header, type, (names) => ({ kind: "state", init: renameInitial(made, names) }));
}

/** An initial value in the type of its state: where that had to become wider, an index starts as its coordinate. */
function startOf(world: World, env: Env, value: Expr, type: ScalarType): Expr {
  if (type.kind === "real") return toReal(world, env, value);
  return type.kind === "int" ? coordinate(world, env, value) : value;
}

type CheckedInitial =
  | Extract<Initial, { readonly kind: "value" }>
  | (Extract<Initial, { readonly kind: "draw" }> & { readonly type: ScalarType });

function checkInitial(world: World, env: Env, header: Header, init: TreeInitial): CheckedInitial | null {
  const here = inside(env, header.bound);
  switch (init.kind) {
    case "none":
      faulty(world, env, "AM2015", header.span, `\`${header.shown}\` has no right side: an argument has to supply it`, {
        help:
          env.scope.origin() === null
            ? `write \`${tensorText(header.shown, header.axes)} = …\``
            : `write \`${tensorText(header.shown, header.axes)} = …\` among the arguments`,
      });
      return null;
    case "draw": {
      const drawn = drawOf(world, here, header, init.distribution, init.by);
      return drawn === null ? null : { kind: "draw", draw: drawn.draw, type: drawn.type };
    }
    case "value": {
      if (init.value.kind === "list" && header.bound.indices.length > 0)
        return literalInitial(world, env, header, init.value);
      const value = checkRight(world, here, header.bound, init.value);
      return value.kind === "unknown" ? null : { kind: "value", value };
    }
  }
}

function literalInitial(
  world: World,
  env: Env,
  header: Header,
  tree: Extract<TreeExpr, { readonly kind: "list" }>,
): CheckedInitial | null {
  const fresh = new Map(
    header.bound.indices.map((index) => [index, world.newIndex(index.name, index.axis, index.span)]),
  );
  const indices = [...fresh.values()];
  const products = header.bound.products.map(({ index, factors }) => ({ index: fresh.get(index) ?? index, factors }));
  const inner: Header = {
    ...header,
    name: `${header.name}.start`,
    over: [],
    bound: { indices, named: indices, rest: null, products },
  };
  const literal = checkLiteral(world, env, inner, tree);
  if (literal === null) return null;
  return {
    kind: "value",
    value: read(
      literal,
      header.bound.indices.map((index) => ({ kind: "index", index, span: tree.span })),
      tree.span,
    ),
  };
}
