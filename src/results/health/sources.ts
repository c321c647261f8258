/** Results as they are but for some columns: what would follow if these were otherwise. */
import { arrange } from "../analysis/align.js";
import { reduceTensor } from "../analysis/reduce.js";
import type { Tensor } from "../analysis/tensor.js";
import type { Column, ResultAxis, ResultSource } from "../types.js";

/** `change` gets each column that there is. */
export function withColumns(
  source: ResultSource,
  change: (column: Column, phase: string, name: string) => Column,
): ResultSource {
  const changed = new Map<string, Column | undefined>();
  return {
    get phases() {
      return source.phases;
    },
    column: (phase, name) => {
      const key = `${phase}\n${name}`;
      if (changed.has(key)) return changed.get(key);
      const column = source.column(phase, name);
      const made = column === undefined ? undefined : change(column, phase, name);
      changed.set(key, made);
      return made;
    },
  };
}

/** A fact of runs over these axes; along others that it has, whether it is so anywhere. */
export function factOver(fact: Column, axes: readonly ResultAxis[]): Tensor {
  const over = fact.axes.flatMap(({ name }) => (axes.some((axis) => axis.name === name) ? [] : [name]));
  const options = { over, parameter: null, ofBools: true, skipMissing: false };
  return arrange(over.length === 0 ? fact : reduceTensor("any", fact, null, options), axes);
}
