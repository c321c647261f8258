// Sources are TypeScript: a script that needs some of them bundles them on the way.
import { build } from "esbuild";
import { root } from "./paths.mjs";

/** The exports of a module whose text is `contents`, as if it stood in the root. @param {string} contents @returns {Promise<unknown>} */
export async function loadSources(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    loader: { ".amem": "text" },
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.text ?? "").toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}
