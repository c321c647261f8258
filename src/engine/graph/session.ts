/**
 * A loaded model and the arrays that go in and out. Arrays that are handed in again keep their tensor, so what all calls
 * share is sent once. Marshalling only: what the ports mean is `executable.ts`'s.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Numbers } from "../types.js";
import type { NativeBinding, WireArray } from "./binding.js";
import { inputName, outputName, wireKind } from "./boundary.js";
import type { Port } from "./boundary.js";
import type { EmittedModel } from "./emit.js";
import type { TensorType } from "./proto/messages.js";

interface Resident {
  readonly array: Numbers;
  readonly tensor: number;
}

export class Session {
  private readonly model: number;
  private readonly inputNames: string;
  private readonly outputNames: string;
  private readonly resident = new Map<number, Resident>();

  constructor(
    private readonly binding: NativeBinding,
    private readonly emitted: EmittedModel,
  ) {
    this.model = loadModel(binding, emitted.bytes);
    this.inputNames = emitted.inputs.map((_, index) => inputName(index)).join();
    this.outputNames = emitted.outputs.map((_, index) => outputName(index)).join();
  }

  /** Runs the model; the first `kept` inputs are remembered until other arrays come in their place. */
  run(arrays: readonly Numbers[], kept: number): readonly Numbers[] {
    return this.execute(arrays, kept, (port, tensor) => receive(port, this.binding.tensorDataSync(tensor)));
  }

  /** Runs the model without reading its results. */
  compile(arrays: readonly Numbers[]): void {
    this.execute(arrays, 0, () => null);
  }

  private execute<T>(arrays: readonly Numbers[], kept: number, read: (port: Port, tensor: number) => T): readonly T[] {
    const { binding, emitted } = this;
    const passing: number[] = [];
    try {
      const tensors = emitted.inputs.map((port, index) => {
        const array = arrays[index];
        if (array === undefined) throw new Error(`input ${index} is missing`);
        if (index < kept) return this.keep(index, port, array);
        const tensor = this.send(port, array);
        passing.push(tensor);
        return tensor;
      });
      const results = binding.runSavedModel(this.model, tensors, this.inputNames, this.outputNames);
      return results.map((result, index) => {
        const port = emitted.outputs[index];
        if (port === undefined) throw new Error("the model returns more than it should");
        const data = read(port, result.id);
        binding.deleteTensor(result.id);
        return data;
      });
    } finally {
      for (const tensor of passing) binding.deleteTensor(tensor);
    }
  }

  /** Lets go of the remembered inputs. */
  release(): void {
    for (const { tensor } of this.resident.values()) this.binding.deleteTensor(tensor);
    this.resident.clear();
  }

  dispose(): void {
    this.release();
    this.binding.deleteSavedModel(this.model);
  }

  private keep(index: number, port: Port, array: Numbers): number {
    const known = this.resident.get(index);
    if (known?.array === array) return known.tensor;
    if (known !== undefined) this.binding.deleteTensor(known.tensor);
    const tensor = this.send(port, array);
    this.resident.set(index, { array, tensor });
    return tensor;
  }

  private send(port: Port, array: Numbers): number {
    const { type, shape } = wireKind(port);
    return this.binding.createTensor(shape, typeNumber(this.binding, type), toWire(port, array));
  }
}

/** Writes the model where TensorFlow can read it, for as long as it takes to load. */
export function loadModel(binding: NativeBinding, bytes: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), "amemc-model-"));
  try {
    mkdirSync(join(folder, "variables"));
    writeFileSync(join(folder, "saved_model.pb"), bytes);
    return binding.loadSavedModel(folder, "serve");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function typeNumber(binding: NativeBinding, type: TensorType): number {
  switch (type) {
    case "f32":
      return binding.TF_FLOAT;
    case "i32":
      return binding.TF_INT32;
    case "bool":
      return binding.TF_BOOL;
    case "f64":
      throw new Error("doubles cross the boundary as pairs of words");
  }
}

function toWire(port: Port, array: Numbers): WireArray {
  const expected = port.shape.reduce((product, size) => product * size, 1);
  if (array.length !== expected) throw new Error(`an array has ${array.length} entries instead of ${expected}`);
  switch (port.dtype) {
    case "f64":
      if (array instanceof Float64Array) return new Int32Array(array.buffer, array.byteOffset, 2 * array.length);
      break;
    case "f32":
      if (array instanceof Float32Array) return array;
      break;
    case "i32":
      if (array instanceof Int32Array) return array;
      break;
    case "bool":
      if (array instanceof Uint8Array) return array;
      break;
  }
  throw new Error(`an array of ${port.dtype} has the wrong kind`);
}

function receive(port: Port, data: WireArray): Numbers {
  return port.dtype === "f64" ? new Float64Array(data.buffer, data.byteOffset, data.length / 2) : data;
}
