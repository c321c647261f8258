/** The graph engine: models on the native TensorFlow of this process. Only the worker imports this file. */
import type { BlockProgram, Engine, Executable } from "../types.js";
import { loadBinding } from "./binding.js";
import { emitModel } from "./emit.js";
import { GraphExecutable } from "./executable.js";
import { Session } from "./session.js";

export interface GraphEngineOptions {
  /** The compiled binding, as `readNative()` says. */
  readonly bindingPath: string;
  readonly xla: boolean;
}

export function createGraphEngine(options: GraphEngineOptions): Engine {
  const binding = loadBinding(options.bindingPath);
  return {
    name: "graph",
    description: { library: "tensorflow", version: binding.TF_Version, xla: options.xla },
    prepare(block: BlockProgram): Executable {
      const model = emitModel(block, { xla: options.xla });
      const session = new Session(binding, model);
      const runner = {
        compiled: options.xla,
        run: session.run.bind(session),
        dispose: () => {
          session.dispose();
        },
      };
      return new GraphExecutable(block, model, runner);
    },
  };
}
