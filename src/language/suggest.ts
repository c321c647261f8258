/** The nearest of the names that could have been meant. */

/** The known name that differs least from the one written; null when none is near. */
export function nearest(written: string, known: Iterable<string>): string | null {
  const most = written.length < 3 ? 0.5 : Math.max(1, Math.floor(written.length / 3));
  let best: string | null = null;
  let least = most + 0.01;
  for (const name of new Set(known)) {
    if (name === written) continue;
    const far = name.toLowerCase() === written.toLowerCase() ? 0.5 : distance(written, name);
    if (far < least) [best, least] = [name, far];
  }
  return best;
}

/** A sentence for `help`, or nothing: for spreading into a fault. */
export function suggestion(written: string, known: Iterable<string>): { readonly help?: string } {
  const name = nearest(written, known);
  return name === null ? {} : { help: `did you mean \`${name}\`?` };
}

/** Insertions, deletions, replacements and exchanges of neighbours that turn one word into the other. */
function distance(first: string, second: string): number {
  const rows: number[][] = [Array.from({ length: second.length + 1 }, (_, k) => k)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= first.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= second.length; j++) {
      const same = first[i - 1] === second[j - 1] ? 0 : 1;
      let cost = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same);
      const exchanged = i > 1 && j > 1 && first[i - 1] === second[j - 2] && first[i - 2] === second[j - 1];
      if (exchanged) cost = Math.min(cost, at(i - 2, j - 2) + 1);
      row.push(cost);
    }
  }
  return at(first.length, second.length);
}
