// The last resort: what tfjs-node's own install script gets from its own host, libraries and a compiled binding
// (TensorFlow 2.9.1, or older on ARM). Needs neither Python nor a compiler.
import { existsSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { lastLine, run } from "../lib/run.mjs";
import { fetchSources } from "./sources.mjs";

const TEN_MINUTES = 600_000;

/**
 * @param {import("./sources.mjs").Job} job
 * @returns {Promise<string>} the path of the binding
 */
export async function fromTfjs(job) {
  const { tfjs: folder } = await fetchSources(job);
  const binding = join(folder, "lib/napi-v8/tfjs_binding.node");
  rmSync(binding, { force: true });
  job.say("trying the install script of tfjs-node");
  const outcome = await run([process.execPath, "scripts/install.js"], {
    cwd: folder,
    env: { ...job.env, PATH: `${join(folder, "../../.bin")}${delimiter}${job.env.PATH ?? ""}` },
    timeout: TEN_MINUTES,
  });
  const error = outcome.output.split("\n").find((line) => /\bError: \S/.test(line));
  if (!outcome.ok || !existsSync(binding))
    throw new Error(`the install script of tfjs-node failed: ${error ?? lastLine(outcome.output)}`);
  return binding;
}
