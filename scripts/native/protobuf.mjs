// The few lines of protobuf that a SavedModel of a dozen nodes needs (the compiler has its own, complete emitter).

/** @param {number} n */
function varint(n) {
  const bytes = [];
  let rest = n;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

/** @param {number} field @param {number} value */
export const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);

/** @param {number} field @param {string | Buffer | readonly Buffer[]} value a text, or the parts of a message */
export function part(field, value) {
  const body = typeof value === "string" ? Buffer.from(value) : Buffer.isBuffer(value) ? value : Buffer.concat(value);
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
}

/** An entry of a map from texts. @param {number} field @param {string} key @param {string | readonly Buffer[]} value */
export const entry = (field, key, value) => part(field, [part(1, key), part(2, value)]);

const FLOAT = 1;

/** Values of attributes. */
export const attr = {
  float: [number(6, FLOAT)],
  floats: [part(1, [part(6, Buffer.from([FLOAT]))])],
  yes: [number(5, 1)],
  func: (/** @type {string} */ name) => [part(10, [part(1, name)])],
  shape: (/** @type {number} */ size) => [part(7, [part(2, [number(1, size)])])],
};

/**
 * @param {string} name @param {string} op @param {readonly string[]} inputs
 * @param {Readonly<Record<string, readonly Buffer[]>>} attrs
 */
export const node = (name, op, inputs, attrs) => [
  part(1, name),
  part(2, op),
  ...inputs.map((input) => part(3, input)),
  ...Object.entries(attrs).map(([key, value]) => entry(5, key, value)),
];

/**
 * A function of one float tensor `x`.
 * @param {string} name @param {readonly (readonly Buffer[])[]} nodes @param {string} result
 */
export const func = (name, nodes, result) => [
  part(1, [part(1, name), part(2, [part(1, "x"), number(3, FLOAT)]), part(3, [part(1, "y"), number(3, FLOAT)])]),
  ...nodes.map((n) => part(3, n)),
  entry(4, "y", result),
];

/** @param {readonly (readonly Buffer[])[]} nodes @param {readonly (readonly Buffer[])[]} functions */
export const savedModel = (nodes, functions) =>
  Buffer.concat([
    number(1, 1),
    part(2, [
      part(1, [part(4, "serve")]),
      part(2, [
        ...nodes.map((n) => part(1, n)),
        part(
          2,
          functions.map((f) => part(1, f)),
        ),
        part(4, [number(1, 1087)]),
      ]),
    ]),
  ]);
