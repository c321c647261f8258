/**
 * Programs with padded dims: whatever is summed or compared along one, leaves out the positions that do not count. An entry at a
 * position that counts then depends on nothing but such entries, whatever stands behind them; it is what a program of that size computes.
 */
import type { Builder } from "./builder.js";
import { union } from "./dims.js";
import { at, NotPaddable } from "./fault.js";
import { renameDims } from "./attributes.js";
import { ops } from "./ops/index.js";
import type { Rebuilding } from "./rebuild.js";
import { rebuild } from "./rebuild.js";
import type { DimId, Node, Program, ValueId } from "./types.js";

/** The program with masks; throws `NotPaddable` where an op has no meaning with padding. */
export function maskPadding(program: Program): Program {
  if (program.dims.every(({ filled }) => filled === undefined)) return program;
  const padding = new Padding(program);
  return rebuild(program, (copy, node) => padding.rewrite(copy, node));
}

class Padding {
  /** Of new values: dims behind whose filled positions they are 0. */
  private readonly clean = new Map<ValueId, readonly DimId[]>();

  constructor(private readonly program: Program) {}

  rewrite(copy: Rebuilding, node: Node): ValueId | null {
    const { b } = copy;
    const x = (k: number): ValueId => copy.value(at(node.operands, k));
    switch (node.op) {
      case "contract":
        return this.contracted(
          b,
          node.operands.map((operand) => copy.value(operand)),
          node.attributes.over.map(copy.dim),
        );
      case "reduce_sum":
      case "reduce_prod":
      case "reduce_max":
      case "reduce_min":
      case "reduce_any":
      case "reduce_all": {
        const over = node.attributes.over.map(copy.dim);
        const neutral = ops[node.op].neutral(b.dtypeOf(x(0))) ?? 0;
        return b.apply(node.op, [this.masked(b, x(0), over, neutral)], { over });
      }
      case "arg_max":
      case "arg_min": {
        const over = copy.dim(node.attributes.over);
        const worst = ops[node.op === "arg_max" ? "max" : "min"].neutral(b.dtypeOf(x(0))) ?? 0;
        return b.apply(node.op, [this.masked(b, x(0), [over], worst)], { over });
      }
      case "rank": {
        const along = copy.dim(node.attributes.along);
        const ranks = b.rank(x(0), along);
        // Behind all others, whatever they are.
        return b.filledOf(along) === undefined ? ranks : b.rank(this.masked(b, ranks, [along], b.size(along)), along);
      }
      case "scatter_add": {
        const { dim, over } = renameDims<"scatter_add">(node.attributes, copy.dim);
        return b.scatterAdd(this.masked(b, x(0), over, 0), x(1), dim, over);
      }
      default:
        this.refuseSizes(node);
        return null;
    }
  }

  /** One factor of each term has to be 0 behind the filled positions, and the others finite. */
  private contracted(b: Builder, operands: readonly ValueId[], over: readonly DimId[]): ValueId {
    let factors = [...operands];
    for (const dim of over) {
      if (b.filledOf(dim) === undefined) continue;
      const along = (value: ValueId): boolean => b.dimsOf(value).includes(dim);
      factors = factors.map((value) =>
        along(value) && !b.isKnownFinite(value) ? this.masked(b, value, [dim], 0) : value,
      );
      if (factors.some((value) => along(value) && this.isClean(b, value, dim))) continue;
      const least = factors.filter(along).sort((p, q) => b.dimsOf(p).length - b.dimsOf(q).length)[0];
      factors = factors.map((value) => (value === least ? this.masked(b, value, [dim], 0) : value));
    }
    return b.contract(factors, over);
  }

  /** The value with a number behind the filled positions along some dims. */
  private masked(b: Builder, value: ValueId, dims: readonly DimId[], otherwise: number): ValueId {
    const open = dims.filter(
      (dim) => b.filledOf(dim) !== undefined && !(otherwise === 0 && this.isClean(b, value, dim)),
    );
    const masked = open.reduce((inner, dim) => b.select(counting(b, dim), inner, otherOf(b, inner, otherwise)), value);
    if (otherwise === 0) this.clean.set(masked, union(this.clean.get(value) ?? [], open));
    return masked;
  }

  /** What comes from outside and what a run carries are 0 there; renaming and casting keep that. */
  private isClean(b: Builder, value: ValueId, dim: DimId): boolean {
    if (this.clean.get(value)?.includes(dim) === true) return true;
    const node = b.node(value);
    switch (node.op) {
      case "input":
      case "carried":
        return true;
      case "cast":
      case "neg":
      case "stop":
      case "broadcast":
        return b.dimsOf(at(node.operands, 0)).includes(dim) && this.isClean(b, at(node.operands, 0), dim);
      case "relabel": {
        const place = node.attributes.to.indexOf(dim);
        return this.isClean(b, at(node.operands, 0), place < 0 ? dim : at(node.attributes.from, place));
      }
      case "mul":
        return node.operands.some(
          (operand, k) =>
            b.dimsOf(operand).includes(dim) &&
            this.isClean(b, operand, dim) &&
            b.isKnownFinite(at(node.operands, 1 - k)),
        );
      default:
        return false;
    }
  }

  private refuseSizes(node: Node): void {
    if (sizedDims(node).some((dim) => this.filled(dim) !== undefined))
      throw new NotPaddable(`\`${node.op}\` along a padded dim`);
    if (renamedDims(node).some(([from, to]) => this.filled(from) !== this.filled(to)))
      throw new NotPaddable("dims of different sizes are one");
  }

  private filled(dim: DimId): number | undefined {
    return at(this.program.dims, dim).filled;
  }
}

/** Dims of an op that have to be of their real size. */
function sizedDims(node: Node): readonly DimId[] {
  switch (node.op) {
    case "solve":
    case "log_det":
    case "cholesky":
      return [node.attributes.rows, node.attributes.columns];
    case "eigh":
    case "svd":
      return [node.attributes.rows, node.attributes.columns, node.attributes.to, node.attributes.parts];
    case "svd_values":
      return [node.attributes.rows, node.attributes.columns, node.attributes.to];
    case "slice":
    case "pad":
      return [node.attributes.dim, node.attributes.to];
    case "concat":
    case "merge":
      return [...node.attributes.from, node.attributes.to];
    case "split":
      return [node.attributes.dim, ...node.attributes.to];
    case "loop_stack":
      return [node.attributes.to];
    case "constant":
      return node.attributes.data.length > 1 ? node.type.dims : [];
    default:
      return [];
  }
}

function renamedDims(node: Node): readonly (readonly [from: DimId, to: DimId])[] {
  if (node.op === "diagonal") return [[node.attributes.first, node.attributes.second]];
  if (node.op !== "relabel") return [];
  const { from, to } = node.attributes;
  return from.map((dim, k) => [dim, at(to, k)] as const);
}

/** The value with zeros behind the filled positions of all its dims: what a run carries and hands on. */
export function cleared(b: Builder, value: ValueId): ValueId {
  const dims = b.dimsOf(value);
  const padded = dims.filter((dim) => b.filledOf(dim) !== undefined);
  if (padded.length === 0) return value;
  const kept = padded.reduce((inner, dim) => b.select(counting(b, dim), inner, otherOf(b, inner, 0)), value);
  return b.ordered(kept, dims);
}

const counting = (b: Builder, dim: DimId): ValueId => b.lt(b.iota(dim), b.countOf(dim));

const otherOf = (b: Builder, like: ValueId, value: number): ValueId =>
  b.dtypeOf(like) === "bool" ? b.constant(value === 0 ? 0 : 1, "bool") : b.number(value, like);
