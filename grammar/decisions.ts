/** With which token each alternative and each optional part of the grammar begins. */
import { EOF } from "chevrotain";
import type { IToken, TokenType } from "chevrotain";

/** All decisions, as data. Tokens are their places among `tokensOf(vocabulary)`. */
export interface Decisions {
  readonly sets: readonly (readonly number[])[];
  /** By Chevrotain's key of rule, kind and occurrence: the set of an optional part, or those of the alternatives. */
  readonly choices: Readonly<Record<string, number | readonly number[]>>;
}

/** An alternative, or undefined; for an optional part, whether it is there. */
export type Decide = (this: Looking, alternatives?: readonly Gated[]) => number | boolean | undefined;
interface Looking {
  LA(ahead: number): IToken;
}
interface Gated {
  readonly GATE?: () => boolean;
}

/** The tokens that a decision may meet. */
export const tokensOf = (vocabulary: readonly TokenType[]): readonly TokenType[] => [...vocabulary, EOF];

/** Decisions, made ready one by one when a text needs them. */
export class PreparedDecisions {
  private readonly places: ReadonlyMap<TokenType, number>;

  constructor(
    private readonly decisions: Decisions,
    vocabulary: readonly TokenType[],
  ) {
    this.places = new Map(tokensOf(vocabulary).map((token, place) => [token, place]));
  }

  at(key: number): Decide | undefined {
    const choice = this.decisions.choices[key];
    if (choice === undefined) return undefined;
    const { places } = this;
    const set = (index: number): ReadonlySet<number> => new Set(this.decisions.sets[index]);
    const next = (looking: Looking): number => places.get(looking.LA(1).tokenType) ?? -1;
    if (typeof choice === "number") {
      const firsts = set(choice);
      return function (this: Looking) {
        return firsts.has(next(this));
      };
    }
    const firsts = choice.map(set);
    return function (this: Looking, alternatives = []) {
      const place = next(this);
      const found = firsts.findIndex(
        (first, index) => first.has(place) && alternatives[index]?.GATE?.call(this) !== false,
      );
      return found < 0 ? undefined : found;
    };
  }
}

/** How many alternatives a rule may have. */
const ALTERNATIVES = 64;

/** Writes down what decisions of a parser, by key, say to each token behind each gate. */
export function writtenDown(found: ReadonlyMap<number, Decide>, vocabulary: readonly TokenType[]): Decisions {
  const sets: (readonly number[])[] = [];
  const known = new Map<string, number>();
  const place = (set: readonly number[]): number => {
    const name = set.join();
    if (!known.has(name)) known.set(name, sets.push(set) - 1);
    return known.get(name) ?? 0;
  };
  const gates = Array.from({ length: ALTERNATIVES }, (_, open) =>
    Array.from({ length: ALTERNATIVES }, (__, index) => ({ GATE: () => index === open })),
  );
  const choice = (decide: Decide): number | readonly number[] => {
    const said = tokensOf(vocabulary).map((tokenType) => {
      const next = (): IToken => ({ ...noToken, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx ?? 0 });
      // Chevrotain's own functions look with the second.
      const looking = { LA: next, LA_FAST: next };
      return gates.map((gate) => decide.call(looking, gate));
    });
    const tokensFor = (answer: number | boolean): number =>
      place([...said.keys()].filter((token) => said[token]?.includes(answer) === true));
    if (said.some((answers) => typeof answers[0] === "boolean")) return tokensFor(true);
    const last = Math.max(-1, ...said.flat().filter((answer) => typeof answer === "number"));
    return Array.from({ length: last + 1 }, (_, index) => tokensFor(index));
  };
  return { choices: Object.fromEntries([...found].map(([key, decide]) => [key, choice(decide)])), sets };
}
const noToken = { image: "", startOffset: 0 };
