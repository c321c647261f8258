/** An append-only list of nodes: equal nodes are one value, scalars are folded. Its methods by op are in `builder.ts`. */
import { UserError } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import type { DimSource } from "./sampler.js";
import { at, IrFault, NotPaddable } from "./fault.js";
import { staysFinite } from "./finite.js";
import { ops } from "./ops/index.js";
import type {
  Dim,
  DimId,
  DType,
  Input,
  LoopId,
  Node,
  NodeOf,
  OpAttributes,
  OpName,
  ValueId,
  ValueType,
} from "./types.js";

/** Nodes of a program, and places that are lowered for it; far above what any engine compiles in reasonable time. */
const MOST_NODES = 200_000;
const MOST_PLACES = 1_000_000;

const never: ReadonlySet<LoopId> = new Set();
const eachStep: ReadonlySet<LoopId> = new Set([-1]);

export class NodeStore implements DimSource {
  readonly nodes: Node[] = [];
  readonly dims: Dim[];
  readonly inputs: Input[] = [];
  readonly origins = new Map<ValueId, Span>();
  private readonly finite: boolean[] = [];
  private readonly changing: ReadonlySet<LoopId>[] = [];
  private readonly known = new Map<string, ValueId>();
  private loops = 0;
  private place: Span | null = null;
  private places = 0;

  /** Starts with the dims of another program or with none; a dim's id is its position. */
  constructor(dims: readonly Dim[] = []) {
    this.dims = [...dims];
    if (dims.some((dim, k) => dim.id !== k)) throw new IrFault("builder", "a dim's id is not its position");
  }

  /** A fresh dim; `filled` is the scalar that says how many of its positions count, where it is padded. */
  dim(name: string, size: number, filled?: number): DimId {
    if (!Number.isInteger(size) || size < 0) throw new IrFault("builder", `dim ${name} of size ${size}`);
    const id = this.dims.length;
    this.dims.push({ id, name, size, ...(filled === undefined ? {} : { filled }) });
    return id;
  }

  /** Another label for the positions of a dim. */
  copyOf(dim: DimId, name = this.dimName(dim)): DimId {
    return this.dim(name, this.size(dim), this.filledOf(dim));
  }

  /** A fresh inner loop. */
  loopId(): LoopId {
    return this.loops++;
  }

  size(dim: DimId): number {
    return at(this.dims, dim).size;
  }

  filledOf(dim: DimId): number | undefined {
    return at(this.dims, dim).filled;
  }

  /** The size of a dim all positions of which count; what rests on it cannot be padded. */
  exactSize(dim: DimId): number {
    if (this.filledOf(dim) !== undefined)
      throw new NotPaddable(`the size of ${this.dimName(dim)} decides what is computed`);
    return this.size(dim);
  }

  dimName(dim: DimId): string {
    return at(this.dims, dim).name;
  }

  node(id: ValueId): Node {
    return at(this.nodes, id);
  }

  typeOf(id: ValueId): ValueType {
    return this.node(id).type;
  }

  dimsOf(id: ValueId): readonly DimId[] {
    return this.node(id).type.dims;
  }

  dtypeOf(id: ValueId): DType {
    return this.node(id).type.dtype;
  }

  /** Whether no entry can be NaN or infinite, barring overflow (see `finite.ts`). */
  isKnownFinite(id: ValueId): boolean {
    return at(this.finite, id);
  }

  /** The loops in whose iterations a value differs, as far as it shows so far; the program's own loop is -1. */
  changesIn(id: ValueId): ReadonlySet<LoopId> {
    return at(this.changing, id);
  }

  private changesOf(node: Node): ReadonlySet<LoopId> {
    if (node.op === "carried" || node.op === "step") return eachStep;
    if (node.op === "loop_position" || node.op === "loop_state") return new Set([node.attributes.loop]);
    let found = never;
    for (const operand of node.operands) {
      const own = this.changesIn(operand);
      if (own === found || own.size === 0) continue;
      found = found.size === 0 ? own : new Set([...found, ...own]);
    }
    if (node.op !== "loop" || !found.has(node.attributes.loop)) return found;
    return new Set([...found].filter((loop) => loop !== node.attributes.loop));
  }

  /** Nodes that are made inside get this place as their origin, unless they existed before. */
  within<T>(place: Span | null, body: () => T): T {
    const outer = this.place;
    this.place = place ?? outer;
    this.places += 1;
    if (this.places > MOST_PLACES) throw this.tooLarge();
    try {
      return body();
    } finally {
      this.place = outer;
    }
  }

  private tooLarge(): UserError {
    return new UserError({
      code: "AM4036",
      severity: "error",
      message: `the program that computes this has more than ${MOST_NODES.toLocaleString("en")} operations, or takes too long to be made`,
      span: this.place,
      help: "`with` and derivatives inside each other multiply: give what is used twice a name of its own",
    });
  }

  /** The type that an op would have; throws where its rule is broken. */
  infer<K extends OpName>(
    op: K,
    operands: readonly ValueId[],
    attributes: OpAttributes[K],
    declared: ValueType | null,
  ): ValueType {
    const types = operands.map((operand) => this.typeOf(operand));
    return ops[op].infer(types, attributes, this, declared);
  }

  /** Appends a node as it is, or finds the equal one. */
  append<K extends OpName>(
    op: K,
    operands: readonly ValueId[],
    attributes: OpAttributes[K],
    declared: ValueType | null,
  ): ValueId {
    const type = this.infer(op, operands, attributes, declared);
    const key = `${op}(${operands.join(",")})${keyOf(attributes)}:${type.dtype}[${type.dims.join(",")}]`;
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const id = this.nodes.length;
    if (id >= MOST_NODES) throw this.tooLarge();
    const node: NodeOf<K> = { id, op, operands, attributes, type };
    this.nodes.push(asNode(node));
    if (op === "loop_state" || op === "loop_position" || op === "loop")
      this.loops = Math.max(this.loops, loopOf(asNode(node)) + 1);
    this.finite.push(staysFinite(asNode(node), this));
    this.changing.push(this.changesOf(asNode(node)));
    this.known.set(key, id);
    if (this.place !== null) this.origins.set(id, this.place);
    return id;
  }
}

function loopOf(node: Node): LoopId {
  return node.op === "loop_state" || node.op === "loop_position" || node.op === "loop" ? node.attributes.loop : -1;
}

/** A node of some op is a node: true by definition, but the type checker does not distribute a generic K over the union. */
function asNode<K extends OpName>(node: NodeOf<K>): Node {
  return node as NodeOf<OpName> as Node;
}

/** Numbers by their shortest text, with -0, NaN and infinities kept apart, which JSON does not. */
function keyOf(attributes: object): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.map(numberKey).join(",") : numberKey(value)}`)
    .join(";");
}

function numberKey(value: unknown): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
