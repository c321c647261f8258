/** Results as they are but for some columns: what would follow if these were otherwise. */
import type { Column, ResultSource } from "../types.js";

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
