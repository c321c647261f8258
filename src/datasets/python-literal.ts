/** Reads the literal that heads an `.npy` file: dicts, tuples, lists, strings, ints, booleans and None of Python, nothing else. */

export type Literal = string | number | boolean | null | readonly Literal[] | ReadonlyMap<string, Literal>;

/** The value of a text; null where it is no such literal. */
export function parseLiteral(text: string): { readonly value: Literal } | null {
  const reader = new Reader(text);
  try {
    const value = reader.value();
    reader.end();
    return { value };
  } catch (error) {
    if (error instanceof NoLiteral) return null;
    throw error;
  }
}

class NoLiteral extends Error {}

const tokens =
  /\s*(?:(?<word>True|False|None)|(?<int>-?\d+)L?|'(?<single>[^'\\]*)'|"(?<double>[^"\\]*)"|(?<sign>[{}()[\],:])|(?<end>$))/uy;

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  end(): void {
    if (this.next().end === undefined) throw new NoLiteral();
  }

  value(): Literal {
    const token = this.next();
    if (token.word !== undefined) return token.word === "None" ? null : token.word === "True";
    if (token.int !== undefined) return Number(token.int);
    const text = token.single ?? token.double;
    if (text !== undefined) return text;
    if (++this.depth > 20) throw new NoLiteral();
    const inner = this.collection(token.sign);
    this.depth--;
    return inner;
  }

  private collection(open: string | undefined): Literal {
    switch (open) {
      case "{":
        return new Map(this.items("}", () => this.pair()));
      case "(":
        return this.items(")", () => this.value());
      case "[":
        return this.items("]", () => this.value());
      default:
        throw new NoLiteral();
    }
  }

  private pair(): readonly [string, Literal] {
    const key = this.value();
    if (typeof key !== "string" || this.next().sign !== ":") throw new NoLiteral();
    return [key, this.value()];
  }

  private items<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    for (;;) {
      const before = this.at;
      if (this.next().sign === close) return items;
      this.at = before;
      items.push(item());
      const { sign } = this.next();
      if (sign === close) return items;
      if (sign !== ",") throw new NoLiteral();
    }
  }

  private next(): Readonly<Partial<Record<string, string>>> {
    tokens.lastIndex = this.at;
    const found = tokens.exec(this.text)?.groups;
    if (found === undefined) throw new NoLiteral();
    this.at = tokens.lastIndex;
    return found;
  }
}
