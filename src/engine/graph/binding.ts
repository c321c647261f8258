/**
 * The native binding of `@tensorflow/tfjs-node`, described as its `binding/*.cc` defines it. The compiled file is loaded
 * itself; the package's JavaScript is not needed. Arrays handed in share their memory with the tensor.
 */
import { createRequire } from "node:module";

export interface TensorInfo {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

export type WireArray = Float32Array | Int32Array | Uint8Array;

export interface NativeBinding {
  createTensor(shape: readonly number[], dtype: number, data: WireArray): number;
  deleteTensor(id: number): void;
  /** A fresh array. */
  tensorDataSync(id: number): WireArray;
  /** Returns the model's number. Tags are separated by commas. */
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** Names (`p0:0`) are separated by commas. Throws TensorFlow's message, cut after 500 characters. */
  runSavedModel(id: number, inputs: readonly number[], inputNames: string, outputNames: string): readonly TensorInfo[];
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_Version: string;
}

function isBinding(value: unknown): value is NativeBinding {
  return (
    typeof value === "object" && value !== null && "runSavedModel" in value && typeof value.runSavedModel === "function"
  );
}

/** Loads the compiled file; throws when it is no binding. */
export function loadBinding(file: string): NativeBinding {
  const require = createRequire(import.meta.url);
  let reason = "not a binding";
  try {
    const loaded: unknown = require(file);
    if (isBinding(loaded)) return loaded;
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  throw new Error(`TensorFlow's binding ${file} cannot be loaded: ${reason}`);
}
