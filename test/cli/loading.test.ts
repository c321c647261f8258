// What a command loads decides how fast it starts: read off esbuild's metafile, from source to source. Sources that are
// imported by `import()` only are in the same bundle, but do not run before.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { distFile } from "../../src/base/package.js";

interface Input {
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
}

/** All sources of a bundle that run when these do, without what they import later. */
function sourcesOf(bundle: string, entries: readonly string[]): readonly string[] {
  const { inputs } = JSON.parse(readFileSync(distFile(`meta/${bundle}.json`), "utf8")) as {
    readonly inputs: Readonly<Record<string, Input>>;
  };
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const input = inputs[path];
    if (input === undefined || seen.has(path)) return;
    seen.add(path);
    for (const { path: next, kind } of input.imports) if (kind !== "dynamic-import") visit(next);
  };
  for (const entry of entries) visit(entry);
  return [...seen];
}

test("the first thing that runs is small", () => {
  const sources = sourcesOf("cli", ["src/cli/main.ts"]);
  expect(sources).toContain("src/run/early-worker.ts");
  expect(sources.filter((name) => !/^src\/(cli\/main|run\/|base\/|engine\/worker\/environment)/u.test(name))).toEqual(
    [],
  );
});

// The columns of a `.parquet` file are read by hyparquet while a spec is checked.
test("check loads the language and nothing that runs, stores or draws", () => {
  const sources = sourcesOf("program", [
    ...["src/cli/program.ts", "src/cli/commands/check.ts", "src/language/check.ts"],
    "src/language/results/index.ts",
  ]);
  expect(sources).toContain("src/language/check.ts");
  const allowed = /^src\/run\/(early-worker|worker-process)|^src\/results\/store\/files/u;
  const heavy = /^src\/(engine\/(?!worker\/environment)|plan|lower|run|results|report)\/|vega|cli-progress|tensorflow/u;
  expect(sources.filter((name) => heavy.test(name) && !allowed.test(name))).toEqual([]);
});
