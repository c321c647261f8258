/** Whether a TensorFlow library holds XLA: asked by loading a graph with an op that only XLA defines. Nothing is run. */
import type { NativeBinding } from "./binding.js";
import { Library } from "./function-builder.js";
import { callGraph } from "./boundary.js";
import { encodeSavedModel } from "./proto/messages.js";
import { loadModel } from "./session.js";
import { scalar, writeRow } from "./tensors.js";

export function knowsXla(binding: NativeBinding): boolean {
  const library = new Library(true);
  const f = library.build("probe");
  const buffer = f.constant("f32", [1], 0);
  const written = writeRow(f, buffer, scalar(f, "i32", 0), scalar(f, "f32", 1));
  const nodes = callGraph(f.finish([written]), [], [written], true);
  try {
    binding.deleteSavedModel(loadModel(binding, encodeSavedModel({ nodes, library: library.definitions })));
    return true;
  } catch {
    return false;
  }
}
