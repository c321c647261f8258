/** How faults of data files read at their places in a spec. The files are made here. */
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, expect, test } from "vitest";
import { renderDiagnostics } from "../../src/base/render.js";
import { openDatasets } from "../../src/datasets/index.js";
import { idx, zip } from "../datasets/packed.js";
import { npy, testFolder } from "../datasets/support.js";
import { checkText } from "./support.js";

const folder = testFolder();
afterAll(() => folder.remove());
const texts = npy("<f8", [1], [1], { header: "{'descr': '<U5', 'fortran_order': False, 'shape': (1,), }" });
const weights = zip({ "emb.npy": npy("<f8", [3, 2], [1, 2, 3, 4, 5, 6]), "names.npy": texts }, { deflate: true });
folder.write("spec/weights.npz", weights);
folder.write("spec/cut.npz", weights.subarray(0, 200));
folder.write("spec/vectors.npy", npy("<f8", [1], [1]));
folder.write("spec/lists.json", '{"ragged": [[1, 2],\n[3]], "deep": {"kind": ["b", "a"]}, "mixed": [1, "one"]}');
folder.write("spec/bad.json", '{"x": [1, 2,\n  }');
folder.write("spec/nan.json", '{"x": [1, NaN]}');
folder.write("spec/people.json", '[{"age": 3, "name": "Ada"}, {"age": 4, "name": "Bo"}]');
folder.write("spec/images-idx3-ubyte.gz", gzipSync(idx([1, 2, 2], [1, 2, 3, 4])));
folder.write("spec/short-idx1-ubyte", idx([3], [1, 2]));
folder.write("spec/flat1.npy", npy("<f8", [2], [1, 2]));
folder.write("spec/flat2.npy", npy("<f8", [1, 2], [1, 2]));
folder.write("spec/notes/a.txt", "a");
folder.write("spec/pictures/a.ppm", "P3 1 1 255 1 2 3");
folder.write("spec/sizes/a.pgm", "P2 1 1 255 1");
folder.write("spec/sizes/b.pgm", "P2 1 2 255 1 2");
const day = { name: "day", data: [new Date(0)], type: "TIMESTAMP" as const };
folder.write("spec/table.parquet", new Uint8Array(parquetWriteBuffer({ columnData: [day] })));
symlinkSync(folder.write("elsewhere.json", "[1]"), join(folder.path, "spec/link.json"));

const golden = fileURLToPath(new URL("../golden/data/", import.meta.url));

// `UPDATE_GOLDEN=1 npx vitest run test/language/data-golden.test.ts` accepts what is rendered now.
test.each(["files", "sets", "several"])("the faults of %s.amem read as they should", (name) => {
  const text = readFileSync(`${golden}${name}.amem`, "utf8");
  const { diagnostics } = checkText(text, { datasets: openDatasets(join(folder.path, "spec")) });
  const rendered = `${renderDiagnostics(diagnostics, () => text, { limit: 100 })}\n`;
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(`${golden}${name}.txt`, rendered);
  expect(rendered).toBe(readFileSync(`${golden}${name}.txt`, "utf8"));
});
