/** The arrays in a `.json` file: nested lists by the keys on their way, and the fields of lists of objects as columns. */
import { mostCategories } from "./csv-columns.js";
import { fault } from "./faults.js";
import type { JsonList, JsonObject, JsonValue } from "./json-text.js";
import { noArray } from "./npz.js";
import type { ColumnKey, DataArray, NamedArray, Numbers, UnreadArray } from "./types.js";

export interface JsonArrays {
  readonly arrays: readonly NamedArray[];
  readonly unread: readonly UnreadArray[];
  readonly rows: number | null;
  readonly values: ReadonlyMap<string, Flat>;
}

/** A nested list as one array. */
interface Flat {
  readonly shape: readonly number[];
  /** Numbers and bools. */
  readonly numbers: number[];
  readonly texts: string[];
  readonly type: "real" | "int" | "bool" | "text";
}

export function jsonArrays(tree: JsonValue): JsonArrays {
  const found = new Map<string, JsonValue | null>();
  collect(tree, [], found);
  const arrays: NamedArray[] = [];
  const unread: UnreadArray[] = [];
  const values = new Map<string, Flat>();
  for (const [name, value] of found) {
    const flat = value === null ? "two ways lead to it, since a key has a dot in it" : flatten(value);
    if (typeof flat === "string") {
      unread.push({ name, why: flat });
      continue;
    }
    values.set(name, flat);
    arrays.push({ name, shape: flat.shape, type: flat.type, categories: categoriesOf(flat) });
  }
  const rows = isList(tree) && rowsOf(tree) !== null ? countOf(tree) : null;
  return { arrays, unread, rows, values };
}

export function jsonValues(json: JsonArrays, key: ColumnKey, path: string): DataArray {
  const find = (name: string): Flat => {
    const flat = json.values.get(name);
    if (flat !== undefined) return flat;
    const why = json.unread.find((array) => array.name === name)?.why;
    if (why !== undefined) throw fault("AM5013", `\`${name}\` in \`${path}\` is no array: ${why}`);
    throw noArray(name, [...json.values.keys()], path);
  };
  switch (key.kind) {
    case "array":
      throw fault("AM5009", `\`${path}\` may hold several arrays: name the one that is wanted`);
    case "named":
    case "column":
      return numbersOf(find(key.name), key.name, path);
    case "category": {
      const flat = find(key.name);
      const categories = categoriesOf(flat);
      if (categories.length === 0 && flat.shape[0] !== 0)
        throw fault(
          "AM5009",
          `\`${key.name}\` in \`${path}\` has no categories: it holds ${flat.shape.length !== 1 ? "lists in a list" : flat.type === "real" ? "real numbers" : flat.type === "bool" ? "bools" : "too many different values"}`,
        );
      const place = new Map(categories.map((category, k) => [category, k]));
      const texts = flat.type === "text" ? flat.texts : flat.numbers.map(String);
      return { shape: flat.shape, data: Int32Array.from(texts, (text) => place.get(text) ?? 0), hasNaN: false };
    }
    case "columns": {
      const columns = key.names.map((name) => numbersOf(find(name), name, path));
      const rows = json.rows ?? 0;
      const isInt = columns.every(({ data }) => !(data instanceof Float64Array));
      const data = isInt ? new Int32Array(rows * columns.length) : new Float64Array(rows * columns.length);
      for (const [c, column] of columns.entries())
        for (let row = 0; row < rows; row++) data[row * columns.length + c] = column.data[row] ?? 0;
      return { shape: [rows, columns.length], data, hasNaN: columns.some(({ hasNaN }) => hasNaN) };
    }
  }
}

function numbersOf({ shape, numbers, type }: Flat, name: string, path: string): DataArray {
  if (type === "text")
    throw fault("AM5009", `\`${name}\` in \`${path}\` holds texts`, { help: `\`category("${name}")\` numbers them` });
  const data: Numbers =
    type === "real" ? Float64Array.from(numbers) : type === "int" ? Int32Array.from(numbers) : Uint8Array.from(numbers);
  return { shape, data, hasNaN: type === "real" && numbers.some(Number.isNaN) };
}

/** Every value that is no object, by its keys. A list of objects gives a list for each of their keys. */
function collect(value: JsonValue, way: readonly string[], found: Map<string, JsonValue | null>): void {
  const fields = value.kind === "object" ? value.entries : isList(value) ? columnsOf(value) : null;
  const name = way.join(".");
  if (fields === null) found.set(name, found.has(name) ? null : value);
  else for (const [key, field] of fields) collect(field, [...way, key], found);
}

function rowsOf(list: JsonList): readonly JsonObject[] | null {
  if (list.kind === "numbers") return null;
  const rows = list.items.filter((item) => item.kind === "object");
  return rows.length === list.items.length && rows.length > 0 ? rows : null;
}

function columnsOf(list: JsonList): ReadonlyMap<string, JsonValue> | null {
  const rows = rowsOf(list);
  if (rows === null) return null;
  const names = new Set(rows.flatMap((row) => [...row.entries.keys()]));
  const missing: JsonValue = { kind: "null" };
  return new Map(
    [...names].map((name) => {
      const items = rows.map((row) => row.entries.get(name) ?? missing);
      return [name, { kind: "list", items, line: list.line }];
    }),
  );
}

const isList = (value: JsonValue): value is JsonList => value.kind === "list" || value.kind === "numbers";
const countOf = (list: JsonList): number => (list.kind === "numbers" ? list.values.length : list.items.length);

/** One array of a nested list; in words why it is none. */
function flatten(value: JsonValue): Flat | string {
  const shape: number[] = [];
  for (let level: JsonValue | undefined = value; level !== undefined && isList(level);) {
    shape.push(countOf(level));
    level = level.kind === "numbers" ? undefined : level.items[0];
  }
  const flat = { numbers: [] as number[], texts: [] as string[], kinds: new Set<string>() };
  const why = append(value, 0, shape, flat);
  if (why !== null) return why;
  const { kinds, numbers, texts } = flat;
  if (kinds.has("text")) {
    const others = [...kinds].filter((kind) => kind !== "text");
    return others.length > 0
      ? `it mixes texts and ${words[others[0] ?? ""] ?? "other values"}`
      : { shape, numbers, texts, type: "text" };
  }
  if (kinds.has("bool"))
    return kinds.size > 1 ? "it mixes bools and other values" : { shape, numbers, texts, type: "bool" };
  const fits = !numbers.some((entry) => Math.abs(entry) > 2147483647);
  const type = kinds.has("int") && kinds.size === 1 && fits ? "int" : "real";
  return { shape, numbers, texts, type };
}

const words: Readonly<Record<string, string>> = { int: "numbers", real: "numbers", null: "`null`", bool: "bools" };

interface Collected {
  readonly numbers: number[];
  readonly texts: string[];
  readonly kinds: Set<string>;
}

/** Adds the entries in their order; in words what is wrong with them. */
function append(value: JsonValue, depth: number, shape: readonly number[], flat: Collected): string | null {
  const size = shape[depth];
  if (!isList(value)) {
    if (size !== undefined) return "lists and single values lie side by side in it";
    if (value.kind === "object") return "it holds objects beside other values";
    addEntry(value, flat);
    return null;
  }
  if (size === undefined) return `on line ${value.line} a list lies where its first row has a single value`;
  const count = countOf(value);
  if (count !== size)
    return `it is ragged: the list on line ${value.line} has ${count} entries, the first one has ${size}`;
  if (value.kind === "numbers") {
    if (depth + 1 < shape.length) return `on line ${value.line} numbers lie where its first row has lists`;
    for (const entry of value.values) flat.numbers.push(entry);
    flat.kinds.add(value.integer ? "int" : "real");
    return null;
  }
  for (const item of value.items) {
    const why = append(item, depth + 1, shape, flat);
    if (why !== null) return why;
  }
  return null;
}

function addEntry(value: Exclude<JsonValue, JsonList | JsonObject>, flat: Collected): void {
  switch (value.kind) {
    case "number":
      flat.numbers.push(value.value);
      flat.kinds.add(value.integer ? "int" : "real");
      return;
    case "bool":
      flat.numbers.push(value.value ? 1 : 0);
      break;
    case "text":
      flat.texts.push(value.value);
      break;
    case "null":
      // A number that is missing.
      flat.numbers.push(NaN);
      break;
  }
  flat.kinds.add(value.kind);
}

/** Of lists alone; a list with very many different values has none. */
function categoriesOf({ shape, type, numbers, texts }: Flat): readonly string[] {
  if (shape.length !== 1) return [];
  if (type === "text") return (distinct(texts) ?? []).sort();
  return type === "int" ? (distinct(numbers) ?? []).sort((a, b) => a - b).map(String) : [];
}

function distinct<T>(values: readonly T[]): T[] | null {
  const found = new Set<T>();
  for (const value of values) if (found.add(value).size > mostCategories) return null;
  return [...found];
}
