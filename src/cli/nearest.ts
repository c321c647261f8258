/** The known word that a mistyped one was probably meant to be. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const strip = (text: string): string => text.replace(/^-+/u, "");
  let best: string | null = null;
  let least = Math.max(1, Math.floor(strip(word).length / 3)) + 1;
  for (const candidate of known.filter((name) => name !== "")) {
    const distance = editDistance(strip(word), strip(candidate));
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Insertions, deletions and replacements that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, k) => k);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + Number(from[i - 1] !== to[j - 1]);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
