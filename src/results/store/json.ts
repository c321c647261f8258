/**
 * JSON that keeps every double: what JSON has no number for (infinities, NaN, -0) stands as `{"number":"inf"}`.
 * Nothing here reads or writes files.
 */

const NAMES: readonly (readonly [string, number])[] = [
  ["inf", Infinity],
  ["-inf", -Infinity],
  ["nan", NaN],
  ["-0", -0],
];
const MARK = '{"number":"';

/** The text of plain data; `indent` for files that people read. */
export function toJson(data: unknown, indent?: number): string {
  return JSON.stringify(data, (_key, value: unknown) => encode(value), indent);
}

function encode(value: unknown): unknown {
  if (typeof value !== "number") return value;
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  const name = NAMES.find(([, number]) => Object.is(number, value));
  return { number: name?.[0] ?? "nan" };
}

/** What `toJson` wrote; throws a SyntaxError on anything that is no JSON. */
export function fromJson(text: string): unknown {
  // Reviving visits every value, so it is done only where there is something to revive.
  const plain = !text.includes(MARK) && !text.includes('"number": "');
  return plain ? (JSON.parse(text) as unknown) : JSON.parse(text, (_key, value: unknown) => decode(value));
}

function decode(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length !== 1 || first?.[0] !== "number") return value;
  const number = NAMES.find(([name]) => name === first[1]);
  return number === undefined ? value : number[1];
}

/** Text that is the same for equal data: keys of objects in order. Used for comparing and hashing, and for files kept in git. */
export function canonicalJson(data: unknown, indent?: number): string {
  return toJson(sorted(data), indent);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}
