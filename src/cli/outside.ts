/** Draws and data files, as runs want them. */
import { BuiltInReader, CorpusReader, openDatasets } from "../datasets/index.js";
import { draw } from "../ir/draws/draw.js";
import { streamKey } from "../ir/draws/stream.js";
import { decodeColumn } from "../language/datasets.js";
import type { Plan } from "../plan/types.js";
import type { Outside } from "../run/inputs.js";

/** `directory` is that of the spec: data files are named relative to it. */
export function openOutside(plan: Plan, directory: string): Outside {
  const files = openDatasets(directory);
  const sets = new BuiltInReader();
  const texts = new CorpusReader();
  return {
    draw: ({ distribution, stream, positions }, seed, sizes, scalars) =>
      draw(distribution, stream, seed, sizes, scalars, positions),
    key: streamKey,
    column: (number, column, sizes) => {
      const dataset = plan.datasets[number];
      if (dataset === undefined) throw new Error(`the plan has no data file ${number}`);
      const { path, format, sha256 } = dataset;
      const key = decodeColumn(column);
      if (format === "set" && key.kind === "named") return texts.read(path, key.name);
      if (format === "set" && key.kind === "member") return sets.read(path, key, sizes);
      if (format === "set" || key.kind === "member") throw new Error(`${path} has no column ${column}`);
      return files.read(path, format, key, { sha256 }).data;
    },
  };
}
