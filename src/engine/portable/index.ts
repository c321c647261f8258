/** The portable engine: the IR on typed arrays in plain TypeScript, op by op, runs as the minor dimension. No native code. */
import type { BlockInputs, BlockProgram, CallResult, Engine, Executable } from "../types.js";
import { PortableMachine } from "./machine.js";
import { BlockLoop } from "./schedule.js";

export function createPortableEngine(): Engine {
  return {
    name: "portable",
    description: { library: "amemc", version: "1", xla: false },
    prepare: (block) => prepare(block),
  };
}

function prepare(block: BlockProgram): Executable {
  const machine = new PortableMachine(block);
  const loop = new BlockLoop(machine, block.slotsPerCall);
  const { program } = block;
  return {
    compiled: false,
    call: (inputs, schedule, state, limit) =>
      program.loop === null ? evaluateOnce(machine, inputs) : loop.call(inputs, schedule, state, limit),
    dispose: () => undefined,
  };
}

/** A program without a loop: its outputs, and which checks failed. */
function evaluateOnce(machine: PortableMachine, inputs: BlockInputs): CallResult {
  const { runs, checks } = machine;
  machine.setup(inputs);
  const failed = Int32Array.from({ length: runs }, (_, run) => checks.findIndex((check) => !check.holds.at(run)));
  return {
    state: {
      step: 0,
      carried: [],
      alive: new Uint8Array(runs),
      steps: new Int32Array(runs),
      diverged: new Int32Array(runs).fill(-1),
      failed,
      failedAt: failed.map((number) => (number < 0 ? -1 : 0)),
    },
    recorded: { groups: [] },
    finished: true,
    last: [],
    outputs: machine.outputs(),
  };
}
