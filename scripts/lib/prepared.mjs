// What bundles have ready made: the parser's decisions and the trees of the library. A module `prepared.ts` says in the sources that
// there is nothing; in bundles it says what is made here.
import { loadSources } from "./load-sources.mjs";

const ENTRY = `
import { writtenDown } from "./grammar/decisions.js";
import { parse } from "./grammar/index.js";
import { AmemParser } from "./grammar/parser.js";
import { vocabulary } from "./grammar/tokens.js";
import { library } from "./src/language/library.js";

export const decisions = writtenDown(new AmemParser({ validate: false }).decisions, vocabulary);
export const trees = Object.fromEntries([...library.values()].map((source) => {
  const { tree, complete } = parse(source);
  if (!complete) throw new Error(source.file + " has errors");
  return [source.file, JSON.stringify(tree)];
}));
`;

/** The contents of the modules, by path in the root. @returns {Promise<ReadonlyMap<string, string>>} */
export async function preparedModules() {
  const { decisions, trees } = /** @type {{ decisions: unknown, trees: unknown }} */ (await loadSources(ENTRY));
  return new Map([
    ["grammar/prepared.ts", `export const preparedDecisions = ${JSON.stringify(decisions)};`],
    ["src/language/prepared.ts", `export const preparedTrees = ${JSON.stringify(trees)};`],
  ]);
}

/** For esbuild. @param {ReadonlyMap<string, string>} modules @returns {import("esbuild").Plugin} */
export const preparing = (modules) => ({
  name: "prepared",
  setup(build) {
    build.onLoad({ filter: /[\\/]prepared\.ts$/ }, ({ path }) => {
      const found = [...modules].find(([name]) => path.replaceAll("\\", "/").endsWith(`/${name}`));
      return found === undefined ? undefined : { contents: found[1], loader: "js" };
    });
  },
});
