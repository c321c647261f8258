// The last resort: what tfjs-node's own install script gets from its own host (TensorFlow 2.9.1, or older on ARM).
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { lastLine, run } from "../lib/run.mjs";

const TEN_MINUTES = 600_000;

/**
 * @param {{ root: string, env: NodeJS.ProcessEnv, say: import("../lib/say.mjs").Say }} job
 * @returns {Promise<string>} the path of the binding
 */
export async function fromTfjs({ root, env, say }) {
  const folder = join(root, "node_modules/@tensorflow/tfjs-node");
  if (!existsSync(folder)) throw new Error("the package @tensorflow/tfjs-node is not installed");
  const binding = join(folder, "lib/napi-v8/tfjs_binding.node");
  say("trying the install script of tfjs-node");
  const outcome = await run([process.execPath, "scripts/install.js"], {
    cwd: folder,
    env: { ...env, PATH: `${join(root, "node_modules/.bin")}${delimiter}${env.PATH ?? ""}` },
    timeout: TEN_MINUTES,
  });
  const error = outcome.output.split("\n").find((line) => /\bError: \S/.test(line));
  if (!outcome.ok || !existsSync(binding))
    throw new Error(`the install script of tfjs-node failed: ${error ?? lastLine(outcome.output)}`);
  return binding;
}
