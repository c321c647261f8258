/** The set-up of native TensorFlow lies in scripts/native, shared with scripts/bootstrap and shipped as it is. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as setupScript from "../../scripts/native/setup.mjs";
import { importModule } from "../base/import-module.js";
import { cacheFolder, packageRoot } from "../base/package.js";
import type { Diagnostic } from "../base/diagnostic.js";
import { UserError } from "../base/diagnostic.js";
import type { Terminal } from "./terminal.js";

export interface NativeSetup {
  readonly script: typeof setupScript;
  readonly job: setupScript.Job;
  /** How many lines the set-up has said. */
  readonly said: () => number;
}

export async function loadNativeSetup(terminal: Terminal): Promise<NativeSetup> {
  const file = join(packageRoot(), "scripts/native/setup.mjs");
  const script = (await importModule(pathToFileURL(file).href)) as typeof setupScript;
  let lines = 0;
  const say = (line: string): void => {
    lines++;
    terminal.err(`${line}\n`);
  };
  return {
    script,
    job: {
      root: packageRoot(),
      cache: cacheFolder(terminal.env),
      env: terminal.env,
      say,
      retry: true,
      // It is told as a diagnostic.
      tellsNone: false,
    },
    said: () => lines,
  };
}

/** Carries it out; what the user can mend becomes a diagnostic. */
export async function carryOut<T>({ script }: NativeSetup, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof script.Refusal) throw new UserError(notSetUp(error.message, []));
    throw error;
  }
}

export function notSetUp(why: string, advice: readonly string[]): Diagnostic {
  return {
    code: "AM8031",
    severity: "error",
    message: `native TensorFlow is not set up: ${why}`,
    span: null,
    notes: ["the portable engine serves meanwhile, and computes the same"],
    ...(advice.length === 0 ? {} : { help: advice.join("\n") }),
  };
}
