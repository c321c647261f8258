/** How large a text may be. The limits keep every later stage's recursion far from the end of the stack. */
export const LIMITS = {
  /** Brackets, `if`, `^`, signs, members and reductions inside each other. */
  nesting: 100,
  /** Operators of one level in a row: `a + b + c + …`. */
  operators: 1200,
  /** Levels of the finished tree. */
  height: 1600,
  /** Characters of a file. */
  characters: 1_000_000,
} as const;
