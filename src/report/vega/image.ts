/** Images: a heatmap in greys, downwards, without the marks of an axis. */
import { drawHeatmap } from "./heatmap.js";
import type { LayerView, Drawing } from "./drawing.js";

export function drawImage(view: LayerView): Drawing {
  return drawHeatmap(view);
}
