/** Draws and data files, as runs want them. */
import { draw } from "../ir/draws/draw.js";
import type { Outside } from "../run/inputs.js";

export function openOutside(): Outside {
  return {
    draw: ({ distribution, stream }, seed, sizes, scalars) => draw(distribution, stream, seed, sizes, scalars),
    column: (dataset) => {
      throw new Error(`data file ${dataset} cannot be read yet`);
    },
  };
}
