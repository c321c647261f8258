// What a command loads decides how fast it starts: read off esbuild's metafile, from chunk to chunk.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { distFile } from "../../src/base/package.js";

interface Output {
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly entryPoint?: string;
}
const { outputs } = JSON.parse(readFileSync(distFile("meta/cli.json"), "utf8")) as {
  readonly outputs: Readonly<Record<string, Output>>;
};

/** All sources in the chunks that begin with these files, without what they import later. */
function sourcesOf(entries: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const output = outputs[path];
    if (output === undefined || seen.has(path)) return;
    seen.add(path);
    for (const { path: next, kind } of output.imports) if (kind === "import-statement") visit(next);
  };
  for (const [path, { entryPoint }] of Object.entries(outputs)) if (entries.includes(entryPoint ?? "")) visit(path);
  return [...seen].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
}

test("the first thing that runs is small", () => {
  const sources = sourcesOf(["src/cli/main.ts"]);
  expect(sources).toContain("src/run/early-worker.ts");
  expect(sources.filter((name) => !/^src\/(cli\/main|run\/|base\/|engine\/worker\/environment)/u.test(name))).toEqual(
    [],
  );
});

test("check loads the language and nothing that runs, stores or draws", () => {
  const sources = sourcesOf([
    ...["src/cli/main.ts", "src/cli/program.ts", "src/cli/commands/check.ts", "src/language/check.ts"],
    "src/language/results/index.ts",
  ]);
  expect(sources).toContain("src/language/check.ts");
  const allowed = /^src\/run\/(early-worker|worker-process)|^src\/results\/store\/files/u;
  const heavy =
    /^src\/(engine\/(?!worker\/environment)|plan|lower|run|results|report)\/|hyparquet|vega|cli-progress|tensorflow/u;
  expect(sources.filter((name) => heavy.test(name) && !allowed.test(name))).toEqual([]);
});
