/** The dims inside of attributes: passes that rename labels go through here. */
import type { DimId, OpAttributes, OpName } from "./types.js";

/** The fields that hold a dim or a list of dims, whatever the op. */
const dimFields: readonly string[] = [
  "over",
  "along",
  "from",
  "to",
  "first",
  "second",
  "dim",
  "rows",
  "columns",
  "parts",
];

/** The attributes with every dim renamed. */
export function renameDims<K extends OpName>(
  attributes: OpAttributes[K],
  rename: (dim: DimId) => DimId,
): OpAttributes[K] {
  const entries = Object.entries(attributes).map(([name, value]: [string, unknown]) => [
    name,
    dimFields.includes(name) ? renameField(value, rename) : value,
  ]);
  // The same fields with values of the same types, which the type checker does not follow through entries.
  return Object.fromEntries(entries) as OpAttributes[K];
}

function renameField(value: unknown, rename: (dim: DimId) => DimId): unknown {
  if (Array.isArray(value)) return value.map((dim: DimId) => rename(dim));
  return typeof value === "number" ? rename(value) : value;
}

/** All dims that occur in attributes. */
export function dimsOf(attributes: object): DimId[] {
  return Object.entries(attributes).flatMap(([name, value]: [string, unknown]) => {
    if (!dimFields.includes(name)) return [];
    const field: unknown[] = Array.isArray(value) ? value : [value];
    return field.filter((dim) => typeof dim === "number");
  });
}
