/**
 * What crosses between the host and the graph: dense arrays, the run last. Float32, int32 and bool cross as they are, a
 * double as a pair of words, for the binding knows no doubles.
 */
import type { DimId, DType } from "../../ir/types.js";
import { permute, RUN, spread } from "./axes.js";
import type { Axis, Value } from "./axes.js";
import type { Tensor, TensorKind } from "./function-builder.js";
import type { Attribute, NodeDef, Shape, TensorType } from "./proto/messages.js";
import type { Region } from "./region.js";
import { bitcast, transpose } from "./tensors.js";

export interface Port {
  readonly dtype: DType;
  /** The run last where it varies. */
  readonly shape: Shape;
  readonly varying: boolean;
}

/** How a port looks to TensorFlow. */
export function wireKind(port: Port): TensorKind {
  return port.dtype === "f64" ? { type: "i32", shape: [...port.shape, 2] } : { type: port.dtype, shape: port.shape };
}

/** The arguments of the main function, in the order in which they are asked for. */
export class Inputs {
  readonly ports: Port[] = [];

  constructor(private readonly region: Region) {}

  value(dtype: DType, dims: readonly DimId[], varying: boolean): Value {
    const { table } = this.region;
    const axes: readonly Axis[] = varying ? [...dims, RUN] : dims;
    const tensor = this.plain(dtype, table.shape(axes), varying);
    return permute(this.region.f, { tensor, axes }, table.ordered(dims, varying));
  }

  plain(dtype: DType, shape: Shape, varying = false): Tensor {
    const { f } = this.region;
    const port = { dtype, shape, varying };
    this.ports.push(port);
    const given = f.argument(wireKind(port));
    return dtype === "f64" ? bitcast(f, given, "f64", shape) : given;
  }
}

/** The results of the main function, in the order in which they are given. */
export class Outputs {
  readonly ports: Port[] = [];
  readonly tensors: Tensor[] = [];

  constructor(private readonly region: Region) {}

  value(value: Value, dims: readonly DimId[], varying: boolean): void {
    const axes: readonly Axis[] = varying ? [...dims, RUN] : dims;
    const { f, table } = this.region;
    this.plain(spread(f, table, value, axes).tensor, varying);
  }

  /** Rows of a value: `axes` are those of a row. */
  rows(rows: Value, dims: readonly DimId[]): void {
    const varying = rows.axes.includes(RUN);
    const axes: readonly Axis[] = varying ? [...dims, RUN] : dims;
    const order = [0, ...axes.map((axis) => 1 + rows.axes.indexOf(axis))];
    this.plain(transpose(this.region.f, rows.tensor, order), varying);
  }

  plain(tensor: Tensor, varying: boolean): void {
    const port = { dtype: tensor.type, shape: tensor.shape, varying };
    this.ports.push(port);
    const wire = wireKind(port);
    this.tensors.push(tensor.type === "f64" ? bitcast(this.region.f, tensor, wire.type, wire.shape) : tensor);
  }
}

/** Names of what the session feeds and fetches. */
export const inputName = (index: number): string => `p${index}:0`;
export const outputName = (index: number): string => `call:${index}`;

/** The graph itself: a placeholder for each input and one call, which XLA compiles as a whole. */
export function callGraph(
  main: string,
  inputs: readonly Port[],
  outputs: readonly Tensor[],
  xla: boolean,
): readonly NodeDef[] {
  const kinds = inputs.map(wireKind);
  const placeholders = kinds.map((kind, index): NodeDef => {
    const attributes: Record<string, Attribute> = {
      dtype: { kind: "type", value: kind.type },
      shape: { kind: "shape", value: kind.shape },
    };
    return { name: `p${index}`, op: "Placeholder", inputs: [], attributes };
  });
  const types = (list: readonly TensorKind[]): Attribute => ({
    kind: "types",
    value: list.map((kind): TensorType => kind.type),
  });
  const attributes: Record<string, Attribute> = {
    Tin: types(kinds),
    Tout: types(outputs),
    f: { kind: "function", value: main },
    config: { kind: "text", value: "" },
    config_proto: { kind: "text", value: "" },
    executor_type: { kind: "text", value: "" },
    ...(xla ? { _XlaMustCompile: { kind: "bool", value: true } as const } : {}),
  };
  const call = { name: "call", op: "PartitionedCall", inputs: kinds.map((_, index) => `p${index}`), attributes };
  return [...placeholders, call];
}
