/**
 * The few TensorFlow messages that a SavedModel of ours consists of, with their field numbers
 * (tensorflow/core/framework/*.proto, protobuf/meta_graph.proto, protobuf/saved_model.proto).
 * Pure encoding: what the nodes mean is decided elsewhere.
 */
import { MessageWriter } from "./writer.js";

/** TensorFlow's numbers for data types. */
export const dataTypes = { f32: 1, f64: 2, i32: 3, bool: 10 } as const;
export type TensorType = keyof typeof dataTypes;

export type Shape = readonly number[];

export type Attribute =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "type"; readonly value: TensorType }
  | { readonly kind: "types"; readonly value: readonly TensorType[] }
  | { readonly kind: "shape"; readonly value: Shape }
  | { readonly kind: "shapes"; readonly value: readonly Shape[] }
  | { readonly kind: "function"; readonly value: string }
  | { readonly kind: "tensor"; readonly value: ConstantTensor };

/** `content` holds all entries, little-endian; or one entry that stands for all. */
export interface ConstantTensor {
  readonly type: TensorType;
  readonly shape: Shape;
  readonly content: Uint8Array;
  /** One number for all entries; `content` is empty then. */
  readonly splat: number | null;
}

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface FunctionDef {
  readonly name: string;
  readonly args: readonly { readonly name: string; readonly type: TensorType }[];
  readonly nodes: readonly NodeDef[];
  /** Where each result comes from: `node:output:0` or the name of an argument. */
  readonly results: readonly { readonly name: string; readonly type: TensorType; readonly from: string }[];
}

export interface GraphDef {
  readonly nodes: readonly NodeDef[];
  readonly library: readonly FunctionDef[];
}

/** The graph's version: kernels behave as of TensorFlow 2.9, the oldest library at hand. */
const producer = 1087;
const earliestConsumer = 12;

function encodeShape(shape: Shape): MessageWriter {
  const message = new MessageWriter();
  for (const size of shape) message.message(2, new MessageWriter().integer(1, size));
  return message;
}

function encodeTensor(tensor: ConstantTensor): MessageWriter {
  const message = new MessageWriter().integer(1, dataTypes[tensor.type]);
  message.message(2, encodeShape(tensor.shape));
  if (tensor.splat === null) return message.bytes(4, tensor.content);
  switch (tensor.type) {
    case "f32":
      return message.bytes(5, bytesOf(new Float32Array([tensor.splat])));
    case "f64":
      return message.bytes(6, bytesOf(new Float64Array([tensor.splat])));
    case "i32":
      return message.packed(7, [tensor.splat]);
    case "bool":
      return message.packed(11, [tensor.splat]);
  }
}

function bytesOf(array: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer);
}

function encodeAttribute(attribute: Attribute): MessageWriter {
  const message = new MessageWriter();
  switch (attribute.kind) {
    case "text":
      return message.string(2, attribute.value);
    case "int":
      return message.integer(3, attribute.value);
    case "float":
      return message.float(4, attribute.value);
    case "bool":
      return message.integer(5, attribute.value ? 1 : 0);
    case "type":
      return message.integer(6, dataTypes[attribute.value]);
    case "shape":
      return message.message(7, encodeShape(attribute.value));
    case "tensor":
      return message.message(8, encodeTensor(attribute.value));
    case "function":
      return message.message(10, new MessageWriter().string(1, attribute.value));
    case "types": {
      const numbers = attribute.value.map((type) => dataTypes[type]);
      return message.message(1, new MessageWriter().packed(6, numbers));
    }
    case "shapes": {
      const list = new MessageWriter();
      for (const shape of attribute.value) list.message(7, encodeShape(shape));
      return message.message(1, list);
    }
  }
}

function encodeNode(node: NodeDef): MessageWriter {
  const message = new MessageWriter().string(1, node.name).string(2, node.op);
  for (const input of node.inputs) message.string(3, input);
  for (const [name, value] of Object.entries(node.attributes).sort(([a], [b]) => (a < b ? -1 : 1)))
    message.message(5, new MessageWriter().string(1, name).message(2, encodeAttribute(value)));
  return message;
}

function encodeArgument(name: string, type: TensorType): MessageWriter {
  return new MessageWriter().string(1, name).integer(3, dataTypes[type]);
}

function encodeFunction(definition: FunctionDef): MessageWriter {
  const signature = new MessageWriter().string(1, definition.name);
  for (const arg of definition.args) signature.message(2, encodeArgument(arg.name, arg.type));
  for (const result of definition.results) signature.message(3, encodeArgument(result.name, result.type));
  const message = new MessageWriter().message(1, signature);
  for (const node of definition.nodes) message.message(3, encodeNode(node));
  for (const result of definition.results)
    message.message(4, new MessageWriter().string(1, result.name).string(2, result.from));
  return message;
}

function encodeGraph(graph: GraphDef): MessageWriter {
  const message = new MessageWriter();
  for (const node of graph.nodes) message.message(1, encodeNode(node));
  const library = new MessageWriter();
  for (const definition of graph.library) library.message(1, encodeFunction(definition));
  message.message(2, library);
  return message.message(4, new MessageWriter().integer(1, producer).integer(2, earliestConsumer));
}

/** The file `saved_model.pb` of a graph without variables, under the tag `serve`. */
export function encodeSavedModel(graph: GraphDef): Uint8Array {
  const info = new MessageWriter().string(4, "serve").string(5, "2.9.1");
  const metaGraph = new MessageWriter().message(1, info).message(2, encodeGraph(graph));
  return new MessageWriter().integer(1, 1).message(2, metaGraph).finish().slice();
}
