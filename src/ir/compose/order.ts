/**
 * Sorting along a dim, made of ranks. What `where` leaves out comes after all other entries, by position; in sorted values it is 0, in value and
 * derivative. The derivative of sorted values goes back to the entries that they are; ranks and positions have derivative 0.
 */
import type { Builder } from "../builder.js";
import { union, without } from "../dims.js";
import { IrFault } from "../fault.js";
import type { DimId, ValueId } from "../types.js";

type Where = ValueId | null;

/** 0-based, ascending, equal entries by position, NaN after all numbers. */
export function rank(b: Builder, x: ValueId, along: DimId, where: Where = null): ValueId {
  const ranks = b.rank(reaching(b, x, along), along);
  if (where === null) return ranks;
  const behind = b.select(where, ranks, b.constant(b.size(along), "i32"));
  return b.rank(reaching(b, behind, along), along);
}

/** The entries in ascending order. */
export function sort(b: Builder, x: ValueId, along: DimId, where: Where = null): ValueId {
  const kept = where === null ? x : b.select(where, x, b.number(0, x));
  return byRank(b, reaching(b, kept, along), rank(b, x, along, where), along);
}

/** The positions of the entries in ascending order: the inverse of `rank`. */
export function order(b: Builder, x: ValueId, along: DimId, where: Where = null): ValueId {
  return byRank(b, b.iota(along), rank(b, x, along, where), along);
}

/** Whether an entry is among the `count` largest; of equal ones the first are. NaN comes after all numbers. */
export function top(b: Builder, x: ValueId, count: ValueId, along: DimId, where: Where = null): ValueId {
  // -1 - x, for -x leaves the ints at one place.
  const descending = b.dtypeOf(x) === "i32" ? b.sub(b.constant(-1, "i32"), x) : b.neg(x);
  const isTop = b.lt(rank(b, descending, along, where), count);
  return where === null ? isTop : b.and(where, isTop);
}

/**
 * The value below which a share q of the entries lies, by linear interpolation: with h = (n - 1) q, between the entries number floor(h)
 * and ceil(h) in ascending order. Of nothing, and where an entry is NaN, NaN. `q` is a double.
 */
export function quantile(b: Builder, x: ValueId, q: ValueId, along: DimId, where: Where = null): ValueId {
  if (b.size(along) === 0) return b.broadcast(nan(b, x), without(b.dimsOf(x), [along]));
  const sorted = sort(b, x, along, where);
  const count = where === null ? b.countOf(along) : b.reduceSum(reaching(b, b.cast(where, "i32"), along), [along]);
  const last = b.sub(count, b.constant(1, "i32"));
  const h = b.mul(b.cast(last, "f64"), q);
  const share = b.cast(b.sub(h, b.floor(h)), b.dtypeOf(x));
  const entry = (position: ValueId): ValueId => b.gather(sorted, position, along);
  const low = entry(b.cast(b.floor(h), "i32"));
  const high = entry(b.cast(b.ceil(h), "i32"));
  // Equal ends, also infinite ones, need no interpolation.
  const between = b.add(low, b.mul(share, b.sub(high, low)));
  const value = b.select(b.eq(low, high), low, between);
  const greatest = entry(last);
  const isNumber = b.and(b.eq(greatest, greatest), b.gt(count, b.constant(0, "i32")));
  return b.select(isNumber, value, nan(b, x));
}

function nan(b: Builder, like: ValueId): ValueId {
  return b.number(NaN, like);
}

/** Several dims as one, the last fastest. */
export function flattened(
  b: Builder,
  x: ValueId,
  over: readonly DimId[],
): { readonly value: ValueId; readonly dim: DimId } {
  const [first, ...others] = over;
  if (first === undefined) throw new IrFault("flattened", "needs a dim");
  return others.reduce<{ readonly value: ValueId; readonly dim: DimId }>(
    (done, dim) => {
      const size = b.exactSize(dim);
      const joined = b.dim(`${b.dimName(done.dim)} ${b.dimName(dim)}`, b.exactSize(done.dim) * size);
      const all = b.broadcast(done.value, union(b.dimsOf(done.value), [dim]));
      if (b.size(joined) === 0) {
        const dims = [...without(b.dimsOf(all), [done.dim, dim]), joined];
        return { value: b.constant(0, b.dtypeOf(x), dims), dim: joined };
      }
      const place = b.iota(joined);
      const width = b.constant(size, "i32");
      const outer = b.gather(all, b.floorDiv(place, width), done.dim);
      return { value: b.gather(outer, b.mod(place, width), dim), dim: joined };
    },
    { value: reaching(b, x, first), dim: first },
  );
}

/** Each entry at the place that its rank names. */
function byRank(b: Builder, x: ValueId, ranks: ValueId, along: DimId): ValueId {
  const place = b.copyOf(along);
  return b.relabel(b.scatterAdd(x, ranks, place, [along]), [place], [along]);
}

/** With the dim; it is constant along it if it lacked it. */
function reaching(b: Builder, x: ValueId, along: DimId): ValueId {
  return b.broadcast(x, union(b.dimsOf(x), [along]));
}
