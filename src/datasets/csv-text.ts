/** Splits the text of a table into rows of fields: quotes, doubled quotes, line breaks within quotes, CRLF. */
import { fault } from "./faults.js";

export interface CsvText {
  readonly names: readonly string[];
  /** By column, by row: the text of each field, outer blanks of unquoted ones removed. */
  readonly fields: readonly (readonly string[])[];
  /** By row: the line of the file on which it begins, from 1. */
  readonly lines: readonly number[];
}

interface Row {
  readonly fields: string[];
  readonly line: number;
}

export function splitCsv(text: string, path: string): CsvText {
  const rows = new Splitter(text, path);
  const head = rows.next();
  if (head === null) throw fault("AM5006", `\`${path}\` is empty`, { help: "its first line has to name the columns" });
  const names = head.fields;
  verifyNames(names, path);
  const fields: string[][] = names.map(() => []);
  const lines: number[] = [];
  for (let row = rows.next(); row !== null; row = rows.next()) {
    if (row.fields.length !== names.length)
      throw fault(
        "AM5006",
        `line ${row.line} of \`${path}\` has ${row.fields.length} fields, its first line names ${names.length} columns`,
      );
    for (const [k, field] of row.fields.entries()) fields[k]?.push(field);
    lines.push(row.line);
  }
  return { names, fields, lines };
}

function verifyNames(names: readonly string[], path: string): void {
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined)
    throw fault("AM5006", `\`${path}\` has two columns named \`${twice}\``, {
      help: "give each column a name of its own",
    });
  const [only = ""] = names;
  const other = [";", "\t", "|"].find((mark) => only.includes(mark));
  if (names.length === 1 && other !== undefined)
    throw fault("AM5006", `the columns of \`${path}\` are not separated by commas`, {
      help: `its first line holds ${other === "\t" ? "tabs" : `\`${other}\``}: save it with commas`,
    });
}

const comma = 44;
const quote = 34;
const lineFeed = 10;
const carriageReturn = 13;

class Splitter {
  private at: number;
  private line = 1;

  constructor(
    private readonly text: string,
    private readonly path: string,
  ) {
    // A byte order mark is no part of the first name.
    this.at = text.startsWith("\ufeff") ? 1 : 0;
  }

  /** The next row that is not blank, or null at the end. */
  next(): Row | null {
    while (this.at < this.text.length) {
      const line = this.line;
      const start = this.at;
      const fields = this.row();
      const blank = fields.length === 1 && fields[0] === "" && this.text.charCodeAt(start) !== quote;
      if (!blank) return { fields, line };
    }
    return null;
  }

  private row(): string[] {
    const fields: string[] = [];
    for (;;) {
      fields.push(this.text.charCodeAt(this.afterBlanks()) === quote ? this.quotedField() : this.plainField());
      if (this.text.charCodeAt(this.at) === comma) {
        this.at++;
        continue;
      }
      this.endLine();
      return fields;
    }
  }

  private afterBlanks(): number {
    let at = this.at;
    while (this.text[at] === " ") at++;
    return at;
  }

  private plainField(): string {
    const start = this.at;
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code === comma || code === lineFeed || code === carriageReturn) break;
      this.at++;
    }
    return this.text.slice(start, this.at).trim();
  }

  private quotedField(): string {
    const opened = this.line;
    let value = "";
    this.at = this.afterBlanks() + 1;
    for (;;) {
      const end = this.text.indexOf('"', this.at);
      if (end < 0) throw fault("AM5006", `the quote on line ${opened} of \`${this.path}\` is not closed`);
      const part = this.text.slice(this.at, end);
      this.line += part.split("\n").length - 1;
      value += part;
      this.at = end + 1;
      if (this.text.charCodeAt(this.at) !== quote) break;
      value += '"';
      this.at++;
    }
    this.at = this.afterBlanks();
    const next = this.text.charCodeAt(this.at);
    if (this.at < this.text.length && next !== comma && next !== lineFeed && next !== carriageReturn)
      throw fault("AM5006", `line ${this.line} of \`${this.path}\` goes on behind a closing quote`, {
        help: 'within quotes a quote is written twice: ""',
      });
    return value;
  }

  private endLine(): void {
    if (this.text.charCodeAt(this.at) === carriageReturn) this.at++;
    if (this.text.charCodeAt(this.at) === lineFeed) this.at++;
    this.line++;
  }
}
