/**
 * Builds one function of the graph's library: arguments, nodes, results, with the shape and type of each tensor.
 * It knows TensorFlow's naming of tensors, not what an op computes; `tensors.ts` wraps the ops.
 */
import { dataTypes } from "./proto/messages.js";
import type { Attribute, FunctionDef, NodeDef, Shape, TensorType } from "./proto/messages.js";

/** A tensor inside one function; using it in another one is a fault that TensorFlow reports. */
export interface Tensor {
  readonly ref: string;
  readonly type: TensorType;
  readonly shape: Shape;
}

export interface TensorKind {
  readonly type: TensorType;
  readonly shape: Shape;
}

/** The functions of a graph; `xla` tells whether ops that only XLA knows may be used. */
export class Library {
  private readonly functions: FunctionDef[] = [];

  constructor(readonly xla: boolean) {}

  /** A name that no function has yet. */
  build(purpose: string): FunctionBuilder {
    return new FunctionBuilder(this, purpose);
  }

  add(definition: FunctionDef): void {
    this.functions.push(definition);
  }

  get definitions(): readonly FunctionDef[] {
    return this.functions;
  }

  /** Names are given when a function is finished, so that they follow the order in the library. */
  nextName(purpose: string): string {
    return `${purpose}_${this.functions.length}`;
  }
}

export class FunctionBuilder {
  private readonly args: { name: string; type: TensorType }[] = [];
  private readonly nodes: NodeDef[] = [];
  private readonly constants = new Map<string, Tensor>();

  constructor(
    readonly library: Library,
    private readonly purpose: string,
  ) {}

  argument(kind: TensorKind): Tensor {
    const name = `a${this.args.length}`;
    this.args.push({ name, type: kind.type });
    return { ref: name, type: kind.type, shape: kind.shape };
  }

  /** A node with one result, whose name in the op's definition is `result`. */
  node(
    op: string,
    inputs: readonly Tensor[],
    attributes: Readonly<Record<string, Attribute>>,
    result: string,
    kind: TensorKind,
  ): Tensor {
    const name = this.push(op, inputs, attributes);
    return { ref: `${name}:${result}:0`, ...kind };
  }

  /** A node whose results are one list, called `output` in the op's definition. */
  nodeWithList(
    op: string,
    inputs: readonly Tensor[],
    attributes: Readonly<Record<string, Attribute>>,
    kinds: readonly TensorKind[],
  ): readonly Tensor[] {
    const name = this.push(op, inputs, attributes);
    return kinds.map((kind, index) => ({ ref: `${name}:output:${index}`, type: kind.type, shape: kind.shape }));
  }

  /** A constant; equal ones are made once. One number stands for all entries. */
  constant(type: TensorType, shape: Shape, data: number | readonly number[]): Tensor {
    const key = `${type}[${shape.join(",")}]${typeof data === "number" ? `=${Object.is(data, -0) ? "-0" : data}` : data.join(",")}`;
    const short = key.length < 200;
    const known = short ? this.constants.get(key) : undefined;
    if (known !== undefined) return known;
    const value =
      typeof data === "number"
        ? { type, shape, content: new Uint8Array(0), splat: data }
        : { type, shape, content: encodeContent(type, data), splat: null };
    const made = this.node(
      "Const",
      [],
      { dtype: { kind: "type", value: type }, value: { kind: "tensor", value } },
      "output",
      { type, shape },
    );
    if (short) this.constants.set(key, made);
    return made;
  }

  /** Closes the function, adds it to the library and gives its name. */
  finish(results: readonly Tensor[]): string {
    const name = this.library.nextName(this.purpose);
    this.library.add({
      name,
      args: this.args,
      nodes: this.nodes,
      results: results.map((tensor, index) => ({ name: `r${index}`, type: tensor.type, from: tensor.ref })),
    });
    return name;
  }

  private push(op: string, inputs: readonly Tensor[], attributes: Readonly<Record<string, Attribute>>): string {
    const name = `n${this.nodes.length}`;
    this.nodes.push({ name, op, inputs: inputs.map((t) => t.ref), attributes });
    return name;
  }
}

function encodeContent(type: TensorType, data: readonly number[]): Uint8Array {
  switch (type) {
    case "f32":
      return new Uint8Array(new Float32Array(data).buffer);
    case "f64":
      return new Uint8Array(new Float64Array(data).buffer);
    case "i32":
      return new Uint8Array(new Int32Array(data).buffer);
    case "bool":
      return new Uint8Array(data.map((value) => (value === 0 ? 0 : 1)));
  }
}

export const isTensorType = (name: string): name is TensorType => Object.hasOwn(dataTypes, name);
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
