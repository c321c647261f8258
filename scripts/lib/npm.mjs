// `npm ci` in a folder with a lock file: npm checks the hash of everything it installs, with the user's own configuration.
import { basename } from "node:path";
import { lastLine, run } from "./run.mjs";
import { Refusal } from "./say.mjs";

/** The npm that started this process, else the one on the path. @param {NodeJS.ProcessEnv} env */
function npmCommand(env) {
  const started = env.npm_execpath ?? "";
  return basename(started) === "npm-cli.js" ? [process.execPath, started] : ["npm"];
}

/**
 * Installs without any package's own scripts. Throws with npm's words.
 * @param {string} folder @param {NodeJS.ProcessEnv} env @param {{ npm?: readonly string[], flags?: readonly string[] }} [options]
 */
export async function npmCi(folder, env, { npm = npmCommand(env), flags = [] } = {}) {
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const outcome = await run([...npm, "ci", ...quiet, ...flags], { cwd: folder, env });
  if (outcome.missing) throw new Refusal("npm was not found; it comes with Node");
  if (outcome.ok) return;
  const said = outcome.output === "" ? "no message" : errorOf(outcome.output);
  throw new Refusal(`npm ci failed: ${said}\n${outcome.output}`);
}

/** The last line but those about npm's log. @param {string} output */
const errorOf = (output) =>
  lastLine(
    output
      .split("\n")
      .filter((line) => !/complete log|debug-0\.log/.test(line))
      .join("\n"),
  );
