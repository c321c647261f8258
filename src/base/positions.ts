/** Lines and columns of offsets. Lines and columns count from 1; a column is a character, whatever its width. */

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The lines of one text; looks up by bisection. */
export class Lines {
  private readonly starts: number[] = [0];

  constructor(readonly text: string) {
    const breaks = /\r\n?|\n/gu;
    for (let found = breaks.exec(text); found !== null; found = breaks.exec(text)) this.starts.push(breaks.lastIndex);
  }

  get count(): number {
    return this.starts.length;
  }

  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(middle + 1) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Array.from(this.text.slice(this.start(low + 1), at)).length + 1 };
  }

  /** The offset at which a line begins. */
  start(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  /** A line without its line break. */
  line(line: number): string {
    const end = this.starts[line] ?? this.text.length;
    return this.text.slice(this.start(line), end).replace(/\r?\n$|\r$/u, "");
  }
}
