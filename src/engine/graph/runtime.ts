/**
 * The graph engine: models on the native TensorFlow of this process. Only the worker imports this file. A model whose
 * first run fails is tried again without what may be at fault: the folder of compiled programs, then XLA itself.
 */
import { mkdirSync, renameSync, rmSync } from "node:fs";
import type { BlockProgram, Engine, Executable, Numbers } from "../types.js";
import { loadBinding } from "./binding.js";
import type { NativeBinding } from "./binding.js";
import { emitModel } from "./emit.js";
import type { EmittedModel } from "./emit.js";
import { GraphExecutable } from "./executable.js";
import type { ModelRunner } from "./executable.js";
import { knowsXla } from "./probe.js";
import { Session } from "./session.js";

export interface GraphEngineOptions {
  /** The compiled binding and whether XLA works with it, as `readNative()` says. */
  readonly bindingPath: string;
  readonly xla: boolean | "unknown";
  /** Where XLA keeps what it compiled, if it does. */
  readonly compilationFolder: string | null;
  /** Hears the name under which a damaged folder of compiled programs is kept. */
  setAside?(folder: string): void;
}

export function createGraphEngine(options: GraphEngineOptions): Engine {
  return new GraphEngine(loadBinding(options.bindingPath), options);
}

class GraphEngine implements Engine {
  readonly name = "graph";
  private xla: boolean;
  /** Whether a model has run as XLA compiled it: then XLA is not to blame for a failure. */
  private proven = false;
  private compilationFolder: string | null;

  constructor(
    private readonly binding: NativeBinding,
    private readonly options: GraphEngineOptions,
  ) {
    this.xla = options.xla === "unknown" ? knowsXla(binding) : options.xla;
    this.compilationFolder = options.compilationFolder;
  }

  get description() {
    return { library: "tensorflow", version: this.binding.TF_Version, xla: this.xla };
  }

  prepare(block: BlockProgram): Executable {
    const model = emitModel(block, { xla: this.xla });
    return new GraphExecutable(block, model, new Runner(this, block, model));
  }

  load(model: EmittedModel): Session {
    return new Session(this.binding, model);
  }

  succeeded(compiled: boolean): void {
    this.proven ||= compiled;
  }

  /** Another way to run the block after a failure; null where none is left. */
  alternative(block: BlockProgram, model: EmittedModel): EmittedModel | null {
    if (!model.compiled) return null;
    if (this.setFolderAside()) return model;
    if (this.proven) return null;
    this.xla = false;
    return emitModel(block, { xla: false });
  }

  /** A damaged file there makes every run fail. Done once: then the folder is not to blame. */
  private setFolderAside(): boolean {
    const folder = this.compilationFolder;
    this.compilationFolder = null;
    if (folder === null) return false;
    try {
      rmSync(`${folder}.damaged`, { recursive: true, force: true });
      renameSync(folder, `${folder}.damaged`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.options.setAside?.(`${folder}.damaged`);
      return true;
    } catch {
      return false;
    }
  }
}

/** A session that is replaced while the model has not run yet. */
class Runner implements ModelRunner {
  private session: Session | null = null;
  private hasRun = false;

  constructor(
    private readonly engine: GraphEngine,
    private readonly block: BlockProgram,
    private model: EmittedModel,
  ) {
    this.attempt((session) => session);
  }

  get compiled(): boolean {
    return this.model.compiled;
  }

  run(arrays: readonly Numbers[], kept: number): readonly Numbers[] {
    const results = this.attempt((session) => session.run(arrays, kept));
    this.succeeded();
    return results;
  }

  compile(arrays: readonly Numbers[]): void {
    this.attempt((session) => {
      session.compile(arrays);
    });
    this.succeeded();
  }

  private succeeded(): void {
    this.hasRun = true;
    this.engine.succeeded(this.model.compiled);
  }

  release(): void {
    this.session?.release();
  }

  dispose(): void {
    this.session?.dispose();
    this.session = null;
  }

  private attempt<T>(use: (session: Session) => T): T {
    for (;;) {
      try {
        this.session ??= this.engine.load(this.model);
        return use(this.session);
      } catch (error) {
        const other = this.hasRun ? null : this.engine.alternative(this.block, this.model);
        if (other === null) throw error;
        this.dispose();
        this.model = other;
      }
    }
  }
}
