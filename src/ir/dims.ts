/** Lists of dims as ordered sets, and the sizes behind their labels. */
import { at, IrFault } from "./fault.js";
import type { Dim, DimId } from "./types.js";

/** Where sizes are looked up. */
export interface DimSizes {
  size(dim: DimId): number;
}

export function dimSizes(dims: readonly Dim[]): DimSizes {
  const sizes = new Map(dims.map((dim) => [dim.id, dim.size]));
  return {
    size(dim) {
      const size = sizes.get(dim);
      if (size === undefined) throw new IrFault("dims", `#${dim} is not declared`);
      return size;
    },
  };
}

/** All dims of the lists in order of first appearance. */
export function union(...lists: readonly (readonly DimId[])[]): DimId[] {
  return [...new Set(lists.flat())];
}

export function without(dims: readonly DimId[], removed: readonly DimId[]): DimId[] {
  return dims.filter((dim) => !removed.includes(dim));
}

export function includesAll(dims: readonly DimId[], wanted: readonly DimId[]): boolean {
  return wanted.every((dim) => dims.includes(dim));
}

/** The same dims in the same order. */
export function sameOrder(a: readonly DimId[], b: readonly DimId[]): boolean {
  return a.length === b.length && a.every((dim, k) => dim === at(b, k));
}

/** The same dims in any order. */
export function sameSet(a: readonly DimId[], b: readonly DimId[]): boolean {
  return a.length === b.length && includesAll(a, b);
}

/** The number of entries of a dense array over `dims`. */
export function entryCount(dims: readonly DimId[], sizes: DimSizes): number {
  return dims.reduce((count, dim) => count * sizes.size(dim), 1);
}
