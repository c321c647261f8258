/**
 * Jacobi's method with all pairs of a round at once: in round s of a sweep every vector has one partner, as in a tournament, and all
 * pairs are turned together. A matrix that has converged is left alone, so its bits do not depend on the others of its batch.
 */
import { arithmetic } from "../../arithmetic.js";
import type { Arithmetic } from "../../arithmetic.js";
import type { FunctionBuilder, Tensor } from "../../function-builder.js";
import type { Region } from "../../region.js";
import { diagonalOf, epsilonOf, repeat } from "./batches.js";

/** By round: the partner of each; itself where it rests. */
function tournament(n: number): readonly (readonly number[])[] {
  const players = n + (n % 2);
  const rounds = Math.max(players - 1, 1);
  return Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: n }, (_player, i) => {
      if (players < 2) return i;
      // The last stays in its place, all others move round by one.
      const last = players - 1;
      const partner = i === last ? rivalOf(round, last) : (2 * round - i + 2 * last) % last;
      const found = i !== last && partner === i ? last : partner;
      return found < n ? found : i;
    }),
  );
}

/** Who meets the one that stays: the i with 2 i = 2 round, among an odd number of places. */
function rivalOf(round: number, places: number): number {
  return round % places;
}

/** Sweeps after which rounding is all that is left: convergence is quadratic. */
function mostSweeps(n: number, epsilon: number): number {
  return (epsilon < 1e-10 ? 10 : 8) + Math.ceil(Math.log2(n + 1));
}

interface Round {
  /** `[n]` */
  readonly partner: Tensor;
  readonly isLast: Tensor;
}

function roundOf(a: Arithmetic, f: FunctionBuilder, n: number, step: Tensor): Round {
  const rounds = tournament(n);
  const table = f.constant("i32", [rounds.length, n], rounds.flat());
  const count = a.int(rounds.length);
  const sweep = f.node("FloorDiv", [step, count], { T: { kind: "type", value: "i32" } }, "z", {
    type: "i32",
    shape: [],
  });
  const round = a.sub(step, a.mul(sweep, count));
  return { partner: a.take(table, round, 0), isLast: a.eq(round, a.int(rounds.length - 1)) };
}

/** `[n, batch]`: cosines, and sines of one sign for the first of a pair and of the other for its partner. */
function anglesOf(a: Arithmetic, own: Tensor, other: Tensor, off: Tensor, partner: Tensor, resting: Tensor) {
  const [n = 0] = own.shape;
  const zero = a.number(0, own);
  const one = a.number(1, own);
  const i = a.positions(n, 0, 2);
  const pair = a.shaped(partner, [n, 1]);
  const none = a.or(a.or(a.eq(off, zero), a.eq(i, pair)), resting);
  const theta = a.div(a.sub(other, own), a.mul(a.number(2, own), a.where(none, one, off)));
  const first = a.where(a.lt(i, pair), one, a.number(-1, own));
  const side = a.where(a.lt(zero, theta), one, a.where(a.lt(theta, zero), a.number(-1, own), first));
  const t = a.div(side, a.add(a.abs(theta), a.sqrt(a.add(one, a.square(theta)))));
  const tangent = a.where(none, zero, t);
  const cosine = a.div(one, a.sqrt(a.add(one, a.square(tangent))));
  return { cosine, sine: a.mul(tangent, cosine) };
}

/** Rows (axis 0) or columns (axis 1) turned against their partners. */
function turned(a: Arithmetic, x: Tensor, axis: 0 | 1, partner: Tensor, cosine: Tensor, sine: Tensor): Tensor {
  const along = 1 - axis;
  return a.sub(a.mul(a.expand(cosine, along), x), a.mul(a.expand(sine, along), a.take(x, partner, axis)));
}

/** `[n, n, batch]` symmetric: its eigenvalues `[n, batch]` and vectors as rows `[n, n, batch]`, in no order. */
export function diagonalised(region: Region, matrix: Tensor): { readonly values: Tensor; readonly vectors: Tensor } {
  const { f } = region;
  const [n = 0, , batch = 1] = matrix.shape;
  const outer = arithmetic(f);
  const eye = outer.add(outer.real(diagonalOf(outer, n), matrix), f.constant(matrix.type, matrix.shape, 0));
  const epsilon = epsilonOf(matrix);
  const steps = mostSweeps(n, epsilon) * tournament(n).length;
  const start = [matrix, eye, f.constant("bool", [batch], 0)];
  const [diagonal = matrix, vectors = eye] = repeat(
    region,
    steps,
    start,
    (a, step, state, inner) => {
      const [m = matrix, v = eye, done = matrix] = state;
      const { partner, isLast } = roundOf(a, inner, n, step);
      const zero = a.number(0, m);
      const onDiagonal = diagonalOf(a, n);
      const own = a.sum(a.where(onDiagonal, m, zero), 1);
      const isPair = a.eq(a.shaped(partner, [n, 1, 1]), a.positions(n, 1, 3));
      const found = a.sum(a.where(isPair, m, zero), 1);
      const off = a.mul(a.number(0.5, m), a.add(found, a.take(found, partner, 0)));
      const { cosine, sine } = anglesOf(a, own, a.take(own, partner, 0), off, partner, done);
      const rows = turned(a, m, 0, partner, cosine, sine);
      const next = turned(a, rows, 1, partner, cosine, sine);
      const squares = a.square(next);
      const total = a.sum(a.sum(squares, 0), 0);
      const rest = a.sum(a.sum(a.where(onDiagonal, zero, squares), 0), 0);
      const small = a.le(rest, a.mul(a.number(n * epsilon ** 2, m), total));
      return [next, turned(a, v, 0, partner, cosine, sine), a.or(done, a.and(isLast, small))];
    },
    2,
  );
  const values = outer.sum(outer.where(diagonalOf(outer, n), diagonal, outer.number(0, matrix)), 1);
  return { values, vectors };
}

/** `[n, length, batch]`: rows turned until they are orthogonal, and (where `turns` is asked for) the turns `[n, n, batch]`. */
export function orthogonalised(
  region: Region,
  rows: Tensor,
  withTurns: boolean,
): { readonly rows: Tensor; readonly turns: Tensor } {
  const { f } = region;
  const [n = 0, length = 0, batch = 1] = rows.shape;
  const outer = arithmetic(f);
  const epsilon = epsilonOf(rows);
  const size = withTurns ? n : 0;
  const blank = f.constant(rows.type, [n, size, batch], 0);
  const eye = withTurns ? outer.add(outer.real(diagonalOf(outer, n), rows), blank) : blank;
  const steps = mostSweeps(n, epsilon) * tournament(n).length;
  const worstStart = f.constant(rows.type, [batch], 0);
  const start = [rows, worstStart, f.constant("bool", [batch], 0), ...(withTurns ? [eye] : [])];
  const [made = rows, , , turns = eye] = repeat(
    region,
    steps,
    start,
    (a, step, state, inner) => {
      const [w = rows, worst = worstStart, done = rows, q = eye] = state;
      const { partner, isLast } = roundOf(a, inner, n, step);
      const own = a.sum(a.square(w), 1);
      const other = a.take(own, partner, 0);
      const found = a.sum(a.mul(w, a.take(w, partner, 0)), 1);
      const off = a.mul(a.number(0.5, w), a.add(found, a.take(found, partner, 0)));
      const { cosine, sine } = anglesOf(a, own, other, off, partner, done);
      // Rows that are 0 to rounding never become orthogonal to others, and need not.
      const least = a.mul(a.number((epsilon * length) ** 2, w), a.most(own, 0));
      const counts = a.and(
        a.and(a.lt(least, own), a.lt(least, other)),
        a.not(a.eq(a.positions(n, 0, 2), a.shaped(partner, [n, 1]))),
      );
      const product = a.where(counts, a.mul(own, other), a.number(1, w));
      const ratio = a.where(counts, a.div(a.square(off), product), a.number(0, w));
      const most = a.max(worst, a.most(ratio, 0));
      const small = a.le(most, a.number(length * epsilon ** 2, w));
      return [
        turned(a, w, 0, partner, cosine, sine),
        a.where(isLast, a.number(0, w), most),
        a.or(done, a.and(isLast, small)),
        ...(withTurns ? [turned(a, q, 0, partner, cosine, sine)] : []),
      ];
    },
    2,
  );
  return { rows: made, turns };
}
