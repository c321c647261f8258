/**
 * An order of exchangeable operands, dims and carried values that depends on what they are and not on how they are numbered. Values get
 * fingerprints from the bottom up, labels from all places where they occur, and a few rounds let each see the other.
 */
import { dimsOf } from "./attributes.js";
import { at, IrFault } from "./fault.js";
import { ops } from "./ops/index.js";
import type { DimId, Node, Program, ValueId } from "./types.js";

export interface CanonicalOrder {
  /** A node's operands, sorted where they may be exchanged. */
  readonly operands: (node: Node) => readonly ValueId[];
  readonly compareDims: (a: DimId, b: DimId) => number;
  readonly compareCarried: (a: number, b: number) => number;
}

/** A part of a program: nothing outside of it may have a say in its order. */
export interface SliceOf {
  /** In topological order. */
  readonly nodes: readonly Node[];
  /** Positions in the loop's list. */
  readonly carried: readonly number[];
}

/**
 * Fingerprints are 32-bit numbers. They only sort: where two different things share one, or rounds are too few to tell them apart, two
 * programs that are the same may differ in hash, never the reverse.
 */
type Print = number;

interface Prints {
  readonly values: ReadonlyMap<ValueId, Print>;
  readonly dims: ReadonlyMap<DimId, Print>;
  readonly carried: ReadonlyMap<number, Print>;
}

const rounds = 3;

export function canonicalOrder(program: Program, slice: SliceOf): CanonicalOrder {
  const loop = program.loop?.carried ?? [];
  const inside = new Map(slice.nodes.map((node) => [node.id, dimsOf(node.attributes)]));
  const dimIds = new Set(slice.nodes.flatMap((node) => [...node.type.dims, ...(inside.get(node.id) ?? [])]));
  let prints: Prints = {
    values: new Map(),
    dims: new Map([...dimIds].map((id) => [id, at(program.dims, id).size])),
    carried: new Map(slice.carried.map((k) => [k, Number(at(loop, k).watched)])),
  };
  for (let round = 0; round < rounds; round++) {
    const values = new Map<ValueId, Print>();
    for (const node of slice.nodes)
      values.set(node.id, fingerprint(program, node, inside.get(node.id) ?? [], { ...prints, values }));
    const carried = slice.carried.map((k): [number, Print] => {
      const { init, next, watched } = at(loop, k);
      return [k, mix(mix(of(values, init), of(values, next)), Number(watched))];
    });
    prints = { values, dims: dimPrints(slice, inside, values, prints.dims), carried: new Map(carried) };
  }
  const { values, dims, carried } = prints;
  return {
    operands: (node) =>
      ops[node.op].commutative ? [...node.operands].sort((x, y) => of(values, x) - of(values, y)) : node.operands,
    compareDims: (a, b) => of(dims, a) - of(dims, b),
    compareCarried: (a, b) => of(carried, a) - of(carried, b),
  };
}

function of(prints: ReadonlyMap<number, Print>, key: number): Print {
  const print = prints.get(key);
  if (print === undefined) throw new IrFault("canonical order", `${key} is outside the slice`);
  return print;
}

function fingerprint(program: Program, node: Node, own: readonly DimId[], { values, dims, carried }: Prints): Print {
  const operands = node.operands.map((operand) => of(values, operand));
  const folded = ops[node.op].commutative
    ? together(operands)
    : operands.reduce((print, operand) => mix(print, operand), 1);
  const labels = together(node.type.dims.map((dim) => of(dims, dim)));
  const inside = together(own.map((dim) => of(dims, dim)));
  return [folded, labels, inside, textPrint(other(program, node, carried))].reduce(mix, textPrint(node.op));
}

/** What a node is beside operands and labels. */
function other(program: Program, node: Node, carried: ReadonlyMap<number, Print>): string {
  switch (node.op) {
    case "constant":
      return node.attributes.data.map((value) => (Object.is(value, -0) ? "-0" : String(value))).join(",");
    case "carried":
      return String(of(carried, node.attributes.index));
    case "loop_state":
      return `${node.attributes.index} ${node.type.dtype}`;
    case "loop": {
      const { states, stacks, most, until } = node.attributes;
      return `${states} ${stacks} ${most} ${String(until)}`;
    }
    case "loop_final":
    case "loop_stack":
      return String(node.attributes.index);
    case "input":
      return sourceText(program, node.attributes.index);
    case "power_int":
      return String(node.attributes.exponent);
    case "slice":
    case "pad":
      return String(node.attributes.start);
    default:
      return node.type.dtype;
  }
}

/** An input by its source, but for the numbers of scalars and data sets: these are how the program counts, and mean nothing. */
function sourceText(program: Program, index: number): string {
  const { source } = at(program.inputs, index);
  if (source.kind === "draw") return `draw ${source.stream} ${source.distribution.kind}`;
  if (source.kind === "result") return `result ${source.phase} ${source.value}`;
  return source.kind === "data" ? `data ${source.column}` : source.kind;
}

/** A label is known by the places where it occurs. */
function dimPrints(
  slice: SliceOf,
  inside: ReadonlyMap<ValueId, readonly DimId[]>,
  values: ReadonlyMap<ValueId, Print>,
  before: ReadonlyMap<DimId, Print>,
): Map<DimId, Print> {
  const places = new Map(before);
  const note = (dim: DimId, place: Print): void => {
    places.set(dim, (of(places, dim) + mix(place, 7)) | 0);
  };
  for (const node of slice.nodes) {
    const print = of(values, node.id);
    node.type.dims.forEach((dim, k) => {
      note(dim, hasLayout(node) ? mix(print, k) : print);
    });
    inside.get(node.id)?.forEach((dim, k) => {
      note(dim, mix(print, k + 1000));
    });
  }
  return places;
}

/** Whether the order of a node's dims means something: numbers are laid out in it. */
export function hasLayout(node: Node): boolean {
  return node.op === "input" || (node.op === "constant" && node.attributes.data.length !== 1);
}

/** A new print from two (the finaliser of MurmurHash3). */
function mix(a: Print, b: Print): Print {
  let h = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b) ^ (a >>> 15);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A print of several things in no order. */
function together(prints: readonly Print[]): Print {
  return prints.reduce((sum, print) => (sum + mix(print, 3)) | 0, prints.length);
}

function textPrint(text: string): Print {
  let print = text.length;
  for (let k = 0; k < text.length; k++) print = mix(print, text.charCodeAt(k));
  return print;
}
