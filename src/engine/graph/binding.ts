/**
 * The native binding of `@tensorflow/tfjs-node`, described as its `binding/*.cc` defines it, and the two ways to load it:
 * the compiled file itself, or the package. Arrays handed in share their memory with the tensor.
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

/** Loads the compiled file, or, if that does not work, the whole package; throws when neither is a binding. */
export function loadBinding(file: string): NativeBinding {
  const require = createRequire(import.meta.url);
  let reason: unknown;
  try {
    const direct: unknown = require(file);
    if (isBinding(direct)) return direct;
  } catch (error) {
    reason = error;
  }
  try {
    const found = bindingOf(require("@tensorflow/tfjs-node"));
    if (found !== null) return found;
  } catch {
    // The first reason tells more.
  }
  throw new Error(
    `TensorFlow's binding ${file} cannot be loaded: ${reason instanceof Error ? reason.message : "not a binding"}`,
  );
}

/** tfjs-node keeps the binding on its backend. */
function bindingOf(tf: unknown): NativeBinding | null {
  if (!hasBackend(tf)) return null;
  const backend = tf.backend();
  if (typeof backend !== "object" || backend === null || !("binding" in backend)) return null;
  return isBinding(backend.binding) ? backend.binding : null;
}

function hasBackend(tf: unknown): tf is { backend(): unknown } {
  return typeof tf === "object" && tf !== null && "backend" in tf && typeof tf.backend === "function";
}
