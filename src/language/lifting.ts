/**
 * Tensors that are made at a place where indices are bound: they get these indices as leading axes of their own,
 * and whoever reads them there gives the place's indices first.
 */
import type { Span } from "../base/span.js";
import { rename } from "./expressions/rename.js";
import { freeIndices } from "./mentions.js";
import type { Tensor, TensorAxis } from "./scopes.js";
import type { Expr, Index, IndexId, ScalarType, Subscript } from "./typed.js";
import type { World } from "./world.js";

export interface Lifted {
  readonly name: string;
  readonly span: Span;
  readonly doc?: string | null;
  readonly type: ScalarType;
  /** Its own axes, bound in the value, with the names that they have for those who read it. */
  readonly own: readonly { readonly index: Index; readonly name: string; readonly span: Span }[];
  readonly value: Expr;
  /** Indices of the place that it gets first, whether its value depends on them or not. */
  readonly over?: readonly Index[];
}

/** Makes a definition of a value; what it takes from the place where it stands becomes its prefix. */
export function lift(world: World, made: Lifted): Tensor {
  const { name, span, type, value } = made;
  const own = made.own.map(({ index }) => index);
  const over = made.over ?? [];
  const others = [...freeIndices(value).values()].filter(({ id }) => ![...over, ...own].some((one) => one.id === id));
  const taken = [...over, ...others];
  const { fresh, names } = freshFor(world, taken);
  const body = { kind: "equation", value: rename(value, names) } as const;
  const definition = world.addDefinition(name, [...fresh, ...own], type, body, span, made.doc ?? null);
  return {
    name,
    span,
    type,
    source: { kind: "definition", definition },
    prefix: taken.map((index): Subscript => ({ kind: "index", index, span: index.span })),
    ...(over.length === 0 ? {} : { picked: true }),
    axes: made.own.map(({ index, name: written, span: at }): TensorAxis => ({
      name: written,
      axis: index.axis,
      span: at,
      bound: index.span,
    })),
  };
}

/** Indices for a definition of its own, in the stead of those of the place. */
export function freshFor(
  world: World,
  taken: readonly Index[],
): { readonly fresh: readonly Index[]; readonly names: ReadonlyMap<IndexId, Index> } {
  const fresh = taken.map((index) => world.newIndex(index.name, index.axis, index.span));
  return { fresh, names: new Map(taken.map((index, k) => [index.id, fresh[k] ?? index])) };
}
