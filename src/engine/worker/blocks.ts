/**
 * Blocks executed on an engine, call by call, with a word to the parent after each. Between two calls the event loop
 * turns, so that the parent is heard. Which engines there are is the caller's matter.
 */
import type { DType } from "../../ir/types.js";
import type { BlockProgram, BlockState, Engine, EngineName, Executable, Numbers } from "../types.js";
import { Pace } from "./pace.js";
import type { ParentMessage, ProgramMessage, RunMessage, SharedInput, WorkerMessage } from "./protocol.js";

export interface BlockRunnerOptions {
  engine(name: EngineName): Promise<Engine>;
  send(message: WorkerMessage): void;
}

interface Prepared {
  readonly block: BlockProgram;
  readonly executable: Executable;
  /** Whether it was compiled, and how long that took (a first call included) as long as nobody was told. */
  compiled: boolean;
  compileSeconds: number;
}

export class BlockRunner {
  private readonly programs = new Map<string, Prepared>();
  private readonly shared = new Map<string, Numbers>();
  private readonly cancelled = new Set<string>();
  private queue: Promise<void> = Promise.resolve();
  private made = 0;

  constructor(private readonly options: BlockRunnerOptions) {}

  /** Blocks are executed one after the other, in the order of their messages. */
  receive(message: Exclude<ParentMessage, { kind: "exit" }>): void {
    switch (message.kind) {
      case "cancel":
        this.cancelled.add(message.block);
        break;
      case "share":
        this.shared.set(message.name, message.array);
        break;
      case "unshare":
        this.enqueue({ block: null, key: null }, async () => {
          await Promise.resolve();
          this.shared.delete(message.name);
        });
        break;
      case "forget":
        this.enqueue({ block: null, key: message.key }, async () => {
          await Promise.resolve();
          this.programs.get(message.key)?.executable.dispose();
          this.programs.delete(message.key);
        });
        break;
      case "prepare":
        this.enqueue({ block: null, key: message.program.key }, async () => {
          const start = performance.now();
          const prepared = await this.prepare(message.program);
          if (!prepared.compiled && prepared.executable.warm !== undefined) {
            prepared.executable.warm();
            prepared.compileSeconds = since(start);
            prepared.compiled = prepared.block.program.loop !== null;
          }
          this.options.send({ kind: "prepared", key: message.program.key, seconds: since(start) });
        });
        break;
      case "run":
        this.enqueue({ block: message.block, key: message.program.key }, () => this.run(message));
        break;
    }
  }

  private enqueue(names: { block: string | null; key: string | null }, task: () => Promise<void>): void {
    this.queue = this.queue.then(task).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      this.options.send({ kind: "failed", ...names, message });
    });
  }

  private async prepare(message: ProgramMessage): Promise<Prepared> {
    const known = this.programs.get(message.key);
    if (known !== undefined) return known;
    if (message.program === null) throw new Error(`the worker does not know the program ${message.key}`);
    const { program, runs, slotsPerCall } = message;
    const block: BlockProgram = { program, varying: new Set(message.varying), runs, slotsPerCall };
    const engine = await this.options.engine(message.engine);
    const prepared = { block, executable: engine.prepare(block), compiled: false, compileSeconds: 0 };
    this.programs.set(message.key, prepared);
    this.made++;
    return prepared;
  }

  private resolve(input: Numbers | SharedInput): Numbers {
    if (!("shared" in input)) return input;
    const array = this.shared.get(input.shared);
    if (array === undefined) throw new Error(`the worker was not sent the array ${input.shared}`);
    return array;
  }

  private async run(message: RunMessage): Promise<void> {
    const prepared = await this.prepare(message.program);
    const { block, executable } = prepared;
    const types = block.program.inputs.map(({ type }) => type.dtype);
    const inputs = { arrays: message.inputs.map((input, k) => widened(this.resolve(input), types[k])) };
    const pace = new Pace(block, message.secondsPerCall);
    let state: BlockState | null = message.state;
    let calls = 0;
    const start = performance.now();
    let stateSent = start;
    for (;;) {
      if (this.cancelled.delete(message.block)) {
        this.options.send({ kind: "cancelled", block: message.block, state });
        return;
      }
      const before = state?.step ?? 0;
      const callStart = performance.now();
      const result = executable.call(inputs, message.schedule, state, before + pace.next());
      const seconds = since(callStart);
      calls++;
      if (!prepared.compiled) prepared.compileSeconds += seconds;
      pace.took(seconds, result.state.step - before, !prepared.compiled);
      prepared.compiled = true;
      state = result.state;
      const due = message.secondsPerState !== null && since(stateSent) >= message.secondsPerState && !result.finished;
      if (due) stateSent = performance.now();
      this.options.send({
        kind: "progress",
        block: message.block,
        step: state.step,
        alive: state.alive.reduce((total, alive) => total + alive, 0),
        recorded: result.recorded,
        state: due ? state : null,
        seconds,
      });
      if (result.finished) {
        const { last, outputs } = result;
        const { compiled } = executable;
        const peakBytes = process.resourceUsage().maxRSS * 1024;
        const firstCallSeconds = prepared.compileSeconds;
        prepared.compileSeconds = 0;
        const totals = { calls, seconds: since(start), firstCallSeconds, compiled, programs: this.made, peakBytes };
        this.options.send({ kind: "done", block: message.block, state, last, outputs, ...totals });
        return;
      }
      await nextTurn();
    }
  }
}

/** Data of 8 bits travel as bytes. */
function widened(array: Numbers, type: DType | undefined): Numbers {
  if (!(array instanceof Uint8Array)) return array;
  switch (type) {
    case "f32":
      return new Float32Array(array);
    case "f64":
      return new Float64Array(array);
    case "i32":
      return new Int32Array(array);
    default:
      return array;
  }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const since = (start: number) => (performance.now() - start) / 1000;
