/**
 * An order of exchangeable operands and of carried values that depends on what they are and not on how they are numbered. Values get
 * fingerprints from the bottom up, labels from all places where they occur, and a few rounds let each see the other.
 */
import { createHash } from "node:crypto";
import { dimsOf } from "./attributes.js";
import { at, IrFault } from "./fault.js";
import { ops } from "./ops/index.js";
import type { DimId, Node, Program, ValueId } from "./types.js";

export interface CanonicalOrder {
  /** A node's operands, sorted where they may be exchanged. */
  operands(node: Node): readonly ValueId[];
  compareDims(a: DimId, b: DimId): number;
  compareCarried(a: number, b: number): number;
}

/** A part of a program: nothing outside of it may have a say in its order. */
export interface SliceOf {
  /** In topological order. */
  readonly nodes: readonly Node[];
  /** Positions in the loop's list. */
  readonly carried: readonly number[];
}

/** Rounds beyond which ties are left as they are: two programs may then differ in hash though they are the same, never the reverse. */
const rounds = 3;

export function canonicalOrder(program: Program, slice: SliceOf): CanonicalOrder {
  const loop = program.loop?.carried ?? [];
  let prints: Prints = {
    values: new Map(),
    dims: new Map(program.dims.map(({ id, size }) => [id, String(size)])),
    carried: new Map(slice.carried.map((k) => [k, String(at(loop, k).watched)])),
  };
  for (let round = 0; round < rounds; round++) {
    const values = new Map<ValueId, string>();
    for (const node of slice.nodes) values.set(node.id, fingerprint(program, node, { ...prints, values }));
    const carried = slice.carried.map((k): [number, string] => {
      const { init, next, watched } = at(loop, k);
      return [k, digest(`${of(values, init)} ${of(values, next)} ${watched}`)];
    });
    prints = { values, dims: dimPrints(slice, values, prints.dims), carried: new Map(carried) };
  }
  const { values, dims, carried } = prints;
  return {
    operands: (node) =>
      ops[node.op].commutative
        ? [...node.operands].sort((x, y) => compare(of(values, x), of(values, y)))
        : node.operands,
    compareDims: (a, b) => compare(of(dims, a), of(dims, b)),
    compareCarried: (a, b) => compare(of(carried, a), of(carried, b)),
  };
}

interface Prints {
  readonly values: ReadonlyMap<ValueId, string>;
  readonly dims: ReadonlyMap<DimId, string>;
  readonly carried: ReadonlyMap<number, string>;
}

function compare(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}

function of(prints: ReadonlyMap<number, string>, key: number): string {
  const print = prints.get(key);
  if (print === undefined) throw new IrFault("canonical order", `${key} is outside the slice`);
  return print;
}

function fingerprint(program: Program, node: Node, { values, dims, carried }: Prints): string {
  const operands = node.operands.map((operand) => of(values, operand));
  if (ops[node.op].commutative) operands.sort();
  const own = node.type.dims.map((dim) => of(dims, dim)).sort();
  const inside = dimsOf(node.attributes)
    .map((dim) => of(dims, dim))
    .sort();
  return digest([node.op, ...operands, "|", ...own, "|", ...inside, "|", other(program, node, carried)].join(" "));
}

/** What a node is beside operands and labels. */
function other(program: Program, node: Node, carried: ReadonlyMap<number, string>): string {
  switch (node.op) {
    case "constant":
      return node.attributes.data.map((value) => (Object.is(value, -0) ? "-0" : String(value))).join(",");
    case "carried":
      return of(carried, node.attributes.index);
    case "input":
      return JSON.stringify(sourceWithoutNumbers(program, node.attributes.index));
    case "power_int":
      return String(node.attributes.exponent);
    case "slice":
    case "pad":
      return String(node.attributes.start);
    default:
      return node.type.dtype;
  }
}

/** Numbers of scalars and data sets are how the program counts, and mean nothing. */
function sourceWithoutNumbers(program: Program, index: number): unknown {
  const { source } = at(program.inputs, index);
  if (source.kind === "draw") return [source.kind, source.stream, source.distribution.kind];
  if (source.kind === "result") return [source.kind, source.phase, source.value];
  return source.kind === "data" ? [source.kind, source.column] : [source.kind];
}

/** A label is known by the places where it occurs. */
function dimPrints(
  slice: SliceOf,
  values: ReadonlyMap<ValueId, string>,
  before: ReadonlyMap<DimId, string>,
): Map<DimId, string> {
  const places = new Map<DimId, string[]>();
  const note = (dim: DimId, text: string): void => {
    const list = places.get(dim);
    if (list === undefined) places.set(dim, [text]);
    else list.push(text);
  };
  for (const node of slice.nodes) {
    const print = of(values, node.id);
    node.type.dims.forEach((dim, k) => note(dim, hasLayout(node) ? `${print} ${k}` : print));
    for (const dim of dimsOf(node.attributes)) note(dim, `in ${print}`);
  }
  const printOf = (dim: DimId): string => [of(before, dim), ...(places.get(dim) ?? []).sort()].join(" ");
  return new Map([...before.keys()].map((dim) => [dim, digest(printOf(dim))]));
}

/** Whether the order of a node's dims means something: numbers are laid out in it. */
export function hasLayout(node: Node): boolean {
  return node.op === "input" || (node.op === "constant" && node.attributes.data.length !== 1);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 24);
}
