/** Every mark of the language and the file that draws it. */
import type { MarkName } from "../../results/chart-types.js";
import type { DrawMark } from "./drawing.js";
import { drawArrow } from "./arrow.js";
import { drawBar } from "./bar.js";
import { drawContour } from "./contour.js";
import { drawHeatmap } from "./heatmap.js";
import { drawHistogram } from "./histogram.js";
import { drawImage } from "./image.js";
import { drawLine } from "./line.js";
import { drawPoint } from "./point.js";
import { drawRule } from "./rule.js";
import { drawText } from "./text.js";
import { drawTrajectory } from "./trajectory.js";

export const MARKS: Readonly<Record<MarkName, DrawMark>> = {
  line: drawLine,
  point: drawPoint,
  bar: drawBar,
  heatmap: drawHeatmap,
  contour: drawContour,
  histogram: drawHistogram,
  trajectory: drawTrajectory,
  arrow: drawArrow,
  image: drawImage,
  text: drawText,
  rule: drawRule,
};
