/** Copies values to the boundary: arrays [slot, ...dims, run], the run last also where all runs share a value. */
import type { ValueType } from "../../ir/types.js";
import type { Numbers } from "../types.js";
import { copyRow } from "./kernels/unary.js";
import { extentsOf, rowsOf } from "./loops.js";
import { allocate, denseView, entriesOf } from "./storage.js";
import type { Shape, View } from "./storage.js";

export interface Recorder {
  buffer(slots: number): Numbers;
  copy(buffer: Numbers, slot: number): void;
}

export function recorder(shape: Shape, type: ValueType, view: View): Recorder {
  const size = entriesOf(shape, type.dims) * shape.runs;
  const target = denseView(shape, type, true, view.storage);
  const rows = rowsOf(extentsOf(shape, type.dims, true, [target, view]), [0, view.offset]);
  const [to, from] = rows.offsets;
  const [so = 0, sa = 0] = rows.strides;
  return {
    buffer: (slots) => allocate(type.dtype, slots * size),
    copy(buffer, slot) {
      const { data } = view.storage;
      const base = slot * size;
      for (let r = 0; r < rows.count; r++)
        copyRow(rows.length, buffer, base + (to?.[r] ?? 0), so, data, from?.[r] ?? 0, sa);
    },
  };
}
