/** Specs at random that have the right axes, and the same with one index exchanged for one of another axis. */

const AXES = ["token", "class", "dim"] as const;
type Axis = (typeof AXES)[number];

interface Read {
  readonly kind: "read";
  readonly tensor: string;
  readonly axes: readonly Axis[];
  /** The index at each position, by its name: the axis's name and primes. */
  readonly indices: readonly string[];
}
type Term =
  Read | { readonly kind: "text"; readonly text: string } | { readonly kind: "join"; readonly pieces: readonly Term[] };

interface Tensor {
  readonly name: string;
  readonly axes: readonly Axis[];
}
interface Definition extends Tensor {
  readonly right: Term;
}
export interface RandomSpec {
  readonly text: string;
  /** The same with one index of another axis; null where there is nothing to exchange. */
  readonly exchanged: string | null;
}

/** Park and Miller's generator: choices must not depend on the machine. */
class Choices {
  #state: number;
  constructor(seed: number) {
    this.#state = (seed % 2147483646) + 1;
    for (let k = 0; k < 8; k++) this.below(2);
  }
  below(n: number): number {
    this.#state = (this.#state * 48271) % 2147483647;
    return Math.floor((this.#state / 2147483647) * n);
  }
  of<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)];
    if (chosen === undefined) throw new Error("nothing to choose from");
    return chosen;
  }
}

const join = (...pieces: readonly (Term | string)[]): Term => ({
  kind: "join",
  pieces: pieces.map((piece) => (typeof piece === "string" ? { kind: "text", text: piece } : piece)),
});
const axisOf = (index: string): Axis => index.replace(/'+$/u, "") as Axis;

class Generator {
  readonly #choices: Choices;
  readonly #tensors: Tensor[] = [];
  readonly #reads: Read[] = [];

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  someAxes(most: number): readonly Axis[] {
    const wanted = this.#choices.below(most + 1);
    const left: Axis[] = [...AXES];
    return Array.from({ length: wanted }, () => {
      const axis = this.#choices.of(left);
      left.splice(left.indexOf(axis), 1);
      return axis;
    });
  }

  declare(name: string, axes: readonly Axis[]): Tensor {
    const tensor = { name, axes };
    this.#tensors.push(tensor);
    return tensor;
  }

  /** A read of a tensor by the indices that are bound; where none is of its axis, a reduction binds one. */
  read(bound: readonly string[]): Term {
    const { name, axes } = this.#choices.of(this.#tensors);
    const fresh: string[] = [];
    const indices = axes.map((axis) => {
      const fitting = [...bound, ...fresh].filter((index) => axisOf(index) === axis);
      if (fitting.length > 0 && this.#choices.below(4) > 0) return this.#choices.of(fitting);
      const primes = [...bound, ...fresh].filter((index) => axisOf(index) === axis).length;
      const index = axis + "'".repeat(primes);
      fresh.push(index);
      return index;
    });
    const read: Read = { kind: "read", tensor: name, axes, indices };
    this.#reads.push(read);
    if (fresh.length === 0) return read;
    const reduction = this.#choices.of(["sum", "mean", "max", "logsumexp"]);
    return join(`(${reduction}(${fresh.join(", ")}) `, read, ")");
  }

  expression(bound: readonly string[], depth: number): Term {
    const part = (): Term => this.expression(bound, depth - 1);
    if (depth === 0) return this.#choices.below(5) === 0 ? join(`${this.#choices.below(9) / 4}`) : this.read(bound);
    switch (this.#choices.below(7)) {
      case 0:
        return join("(", part(), " + ", part(), ")");
      case 1:
        return join("(", part(), " - ", part(), ")");
      case 2:
        return join("(", part(), " * ", part(), ")");
      case 3:
        return join(`${this.#choices.of(["tanh", "sin", "sigmoid", "softplus"])}(`, part(), ")");
      case 4: {
        const index = bound.length > 0 ? this.#choices.of(bound) : "2";
        return join(`(if ${index} < 1 then `, part(), " else ", part(), ")");
      }
      case 5:
        return this.#softmax(bound, depth);
      default:
        return join("(", part(), " / (1 + ", part(), "^2))");
    }
  }

  #softmax(bound: readonly string[], depth: number): Term {
    if (bound.length === 0) return this.read(bound);
    const index = this.#choices.of(bound);
    // The operand must mention the index that the normaliser binds.
    return join(`(softmax(${index}) (${index} / 3 + `, this.expression(bound, depth - 1), "))");
  }

  /** A read and the index that takes the place of one of its own; its axis has another name. */
  exchange(): { readonly read: Read; readonly at: number; readonly index: string } | null {
    const reads = this.#reads.filter(({ axes }) => axes.length > 0);
    if (reads.length === 0) return null;
    const read = this.#choices.of(reads);
    const at = this.#choices.below(read.axes.length);
    return { read, at, index: this.#choices.of(AXES.filter((axis) => axis !== read.axes[at])) };
  }
}

function print(
  term: Term,
  change: { readonly read: Read; readonly at: number; readonly index: string } | null,
): string {
  switch (term.kind) {
    case "text":
      return term.text;
    case "join":
      return term.pieces.map((piece) => print(piece, change)).join("");
    case "read": {
      const indices = term.indices.map((index, at) =>
        change !== null && change.read === term && change.at === at ? change.index : index,
      );
      return indices.length === 0 ? term.tensor : `${term.tensor}[${indices.join(", ")}]`;
    }
  }
}

/** Draws, a parameter, definitions over each other, a training by gradients of one of them; all are recorded. */
export function randomSpec(seed: number): RandomSpec {
  const choices = new Choices(seed);
  const generator = new Generator(choices);
  const left = ({ name, axes }: Tensor): string => (axes.length === 0 ? name : `${name}[${axes.join(", ")}]`);
  const draws = ["x", "y"].map((name) => generator.declare(name, generator.someAxes(3)));
  const parameter = generator.declare("W", generator.someAxes(2));
  const definitions = ["a", "b", "c"].map((name): Definition => {
    const axes = generator.someAxes(3);
    const right = generator.expression(axes, 2);
    return { ...generator.declare(name, axes), right };
  });
  const loss = generator.expression([], 2);
  const change = generator.exchange();
  const sizes = AXES.map((axis) => `  axis ${axis} = ${1 + choices.below(4)}`).join("\n");
  const spec = (exchange: typeof change): string => `use std.optimizers

experiment random {
${sizes}
  sweep seed in 0..1
${draws.map((draw) => `  ${left(draw)} ~ normal(0, 1)`).join("\n")}
  param ${left(parameter)} ~ normal(0, 0.5)
${definitions.map((definition) => `  ${left(definition)} = ${print(definition.right, exchange)}`).join("\n")}
  loss = ${print(loss, exchange)} + 0 * ${parameter.axes.length === 0 ? "W" : `(sum(${parameter.axes.join(", ")}) W[${parameter.axes.join(", ")}])`}
  train fit {
    minimize tanh(loss) over W
    using gd(lr: 0.05)
    for 2 steps
    record { loss, ${definitions.map(left).join(", ")} }
  }
}
`;
  return { text: spec(null), exchanged: change === null ? null : spec(change) };
}

export const seedsFrom = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, k) => first + 7919 * k);
