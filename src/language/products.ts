/** Left sides over axes that are products: which axis `(row, col)` stands for, and the value over it. */
import type { SubscriptItem } from "../../grammar/tree.js";
import type { Bound } from "./indices.js";
import type { Env, Scope, TensorAxis } from "./scopes.js";
import type { AxisId, Expr, Index } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

/** The axis of a left side's `(row, col)`: that of the position where it is known, else the one product of these axes. */
export function productAxis(
  world: World,
  env: Env,
  item: SubscriptItem,
  factors: readonly Index[],
  position: (TensorAxis & { readonly tensor: string }) | null,
): AxisId {
  if (factors.some((factor) => factor.axis === unknownAxis)) return position?.axis ?? unknownAxis;
  const wanted = factors.map((factor) => factor.axis);
  if (position !== null) return ofPosition(world, env, item, wanted, position);
  const named = item.name === null ? undefined : env.scope.lookupAxis(item.name.text);
  const known = named?.kind === "axis" ? [named.axis.get()] : [...axesInSight(env.scope)];
  const fitting = known.filter((axis) => isProductOf(world, axis, wanted));
  const [axis, ...others] = fitting;
  if (axis !== undefined && others.length === 0) return axis;
  const text = wanted.map((factor) => world.axis(factor).name);
  const exchanged = known.filter((other) => isProductOf(world, other, wanted, true));
  if (axis !== undefined) {
    const names = fitting.map((other) => world.axis(other));
    world.report(env.scope, {
      code: "AM2121",
      span: item.span,
      message: `several axes are the product ${text.join(" * ")}`,
      labels: names.map(({ name, span }) => ({ span, text: `\`${name}\` is declared here` })),
      help: `name the one that is meant: \`${names[0]?.name ?? ""}: (${text.join(", ")})\``,
    });
  } else {
    const [other] = exchanged;
    world.report(env.scope, {
      code: "AM2121",
      span: item.span,
      message: `no axis is the product ${text.join(" * ")}`,
      here: "in this order, the last fastest",
      ...(other === undefined
        ? { help: `declare it: \`axis ${text.join("_")} = ${text.join(" * ")}\`` }
        : {
            labels: [{ span: world.axis(other).span, text: `\`${world.axis(other).name}\` has them in another order` }],
            help: `write \`(${factorNames(world, other).join(", ")})\``,
          }),
    });
  }
  return unknownAxis;
}

function ofPosition(
  world: World,
  env: Env,
  item: SubscriptItem,
  wanted: readonly AxisId[],
  position: TensorAxis & { readonly tensor: string },
): AxisId {
  if (position.axis === unknownAxis || isProductOf(world, position.axis, wanted)) return position.axis;
  const { name, span } = world.axis(position.axis);
  const factors = factorNames(world, position.axis);
  world.report(env.scope, {
    code: "AM2121",
    span: item.span,
    message:
      factors.length === 0
        ? `axis \`${name}\` is no product: it takes one index`
        : `\`${name}\` is the product ${factors.join(" * ")}`,
    here: `these are ${wanted.map((axis) => `\`${world.axis(axis).name}\``).join(" and ")}`,
    labels: [
      { span, text: "the axis is declared here" },
      { span: position.span, text: `\`${position.tensor}\` is declared here` },
    ],
    ...(factors.length === 0 ? {} : { help: `write \`(${factors.join(", ")})\`` }),
  });
  return position.axis;
}

function factorNames(world: World, axis: AxisId): readonly string[] {
  const { kind } = world.axis(axis);
  return kind.kind === "product" ? kind.factors.map((factor) => world.axis(factor).name) : [];
}

function isProductOf(world: World, axis: AxisId, factors: readonly AxisId[], inAnyOrder = false): boolean {
  const { kind } = world.axis(axis);
  if (kind.kind !== "product" || kind.factors.length !== factors.length) return false;
  if (inAnyOrder) return [...kind.factors].sort().join() === [...factors].sort().join();
  return kind.factors.every((factor, k) => factor === factors[k]);
}

function axesInSight(scope: Scope): ReadonlySet<AxisId> {
  const found = new Set<AxisId>();
  for (let here: Scope | null = scope; here !== null; here = here.parent) {
    for (const entries of [here.entries, ...here.also.map((other) => other.entries)])
      for (const entry of entries.values()) if (entry.kind === "axis") found.add(entry.axis.get());
  }
  return found;
}

/** A value over the factors' indices as one over the indices of the left side. */
export function closed(bound: Pick<Bound, "products">, value: Expr): Expr {
  if (value.kind === "unknown") return value;
  return bound.products.reduce(
    (inner: Expr, { index, factors }): Expr => ({
      kind: "assemble",
      index,
      pieces: [{ indices: factors, value: inner }],
      type: inner.type,
      span: inner.span,
    }),
    value,
  );
}
