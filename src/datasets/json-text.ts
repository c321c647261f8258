/**
 * Reads JSON for the arrays in it. Unlike `JSON.parse` it keeps what tells ints from real numbers (`1` and `1.0`), on which
 * line a list begins, and refuses a key that occurs twice.
 */
import { fault } from "./faults.js";

export type JsonValue =
  | { readonly kind: "number"; readonly value: number; readonly integer: boolean }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "null" }
  | JsonList
  | JsonObject;

/** A list of numbers alone is kept as such: it may be long. */
export type JsonList =
  | { readonly kind: "list"; readonly items: readonly JsonValue[]; readonly line: number }
  | { readonly kind: "numbers"; readonly values: readonly number[]; readonly integer: boolean; readonly line: number };

export interface JsonObject {
  readonly kind: "object";
  readonly entries: ReadonlyMap<string, JsonValue>;
  readonly line: number;
}

export function parseJson(text: string, path: string): JsonValue {
  return new Reader(text.replace(/^\ufeff/u, ""), path).whole();
}

const blank = /[ \t\r\n]*/uy;
const numeral = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/uy;
const word = /true|false|null/uy;
const foreignWord = /[+-]?(?:NaN|nan|Infinity|inf)/uy;
const deepest = 100;

class Reader {
  private at = 0;
  private depth = 0;
  /** The line of `lineAt`. */
  private line = 1;
  private lineAt = 0;

  constructor(
    private readonly text: string,
    private readonly path: string,
  ) {}

  whole(): JsonValue {
    const value = this.value();
    this.take(blank);
    if (this.at < this.text.length) throw this.wrong("there is something behind its end");
    return value;
  }

  private value(): JsonValue {
    this.take(blank);
    switch (this.text[this.at]) {
      case "[":
        return this.nested(() => this.list());
      case "{":
        return this.nested(() => this.object());
      case '"':
        return { kind: "text", value: this.string() };
      default:
        return this.scalar();
    }
  }

  private scalar(): JsonValue {
    numeral.lastIndex = this.at;
    const found = numeral.exec(this.text);
    if (found !== null) {
      this.at = numeral.lastIndex;
      return { kind: "number", value: Number(found[0]), integer: found[1] === undefined && found[2] === undefined };
    }
    const text = this.take(word);
    if (text === "null") return { kind: "null" };
    if (text !== "") return { kind: "bool", value: text === "true" };
    const foreign = this.take(foreignWord);
    if (foreign !== "")
      throw this.wrong(`\`${foreign}\` is no JSON`, "write `null` for a number that is missing, or leave its row out");
    throw this.wrong(this.at >= this.text.length ? "it is cut off" : "a value is expected");
  }

  private list(): JsonList {
    const line = this.lineHere();
    const items: JsonValue[] = [];
    const values: number[] = [];
    let integer = true;
    this.sequence("]", () => {
      const item = this.value();
      if (item.kind === "number" && items.length === 0) {
        values.push(item.value);
        integer &&= item.integer;
        return;
      }
      if (items.length === 0) for (const value of values) items.push({ kind: "number", value, integer });
      items.push(item);
    });
    return items.length === 0 && values.length > 0
      ? { kind: "numbers", values, integer, line }
      : { kind: "list", items, line };
  }

  private object(): JsonObject {
    const line = this.lineHere();
    const entries = new Map<string, JsonValue>();
    this.sequence("}", () => {
      this.take(blank);
      if (this.text[this.at] !== '"') throw this.wrong("a key in quotes is expected");
      const key = this.string();
      if (entries.has(key)) throw this.wrong(`the key \`${key}\` occurs twice in one object`);
      this.take(blank);
      if (this.text[this.at] !== ":") throw this.wrong("`:` is expected behind a key");
      this.at++;
      entries.set(key, this.value());
    });
    return { kind: "object", entries, line };
  }

  /** What stands between brackets, with commas. */
  private sequence(close: string, item: () => void): void {
    this.at++;
    this.take(blank);
    if (this.text[this.at] === close) {
      this.at++;
      return;
    }
    for (;;) {
      item();
      this.take(blank);
      const sign = this.text[this.at];
      if (sign !== "," && sign !== close)
        throw this.wrong(sign === undefined ? "it is cut off" : `\`,\` or \`${close}\` is expected`);
      this.at++;
      if (sign === close) return;
    }
  }

  /** Looked for by hand: on a long text a pattern would run out of stack. */
  private string(): string {
    const start = this.at;
    for (let end = this.text.indexOf('"', start + 1); end >= 0; end = this.text.indexOf('"', end + 1)) {
      let slashes = 0;
      while (this.text[end - 1 - slashes] === "\\") slashes++;
      if (slashes % 2 === 1) continue;
      try {
        const value = JSON.parse(this.text.slice(start, end + 1)) as string;
        this.at = end + 1;
        return value;
      } catch {
        throw this.wrong("a text holds a sign or an escape that JSON does not allow");
      }
    }
    throw this.wrong("a text in quotes is not closed");
  }

  private nested<T>(body: () => T): T {
    if (++this.depth > deepest) throw this.wrong(`lists and objects lie in each other more than ${deepest} deep`);
    const value = body();
    this.depth--;
    return value;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private lineHere(): number {
    for (; this.lineAt < this.at; this.lineAt++) if (this.text[this.lineAt] === "\n") this.line++;
    return this.line;
  }

  private wrong(why: string, help?: string) {
    const line = this.lineHere();
    const column = this.at - this.text.lastIndexOf("\n", this.at - 1);
    return fault("AM5012", `\`${this.path}\` is no JSON: ${why}, on line ${line}, column ${column}`, {
      ...(help === undefined ? {} : { help }),
    });
  }
}
