/** What a command's end says to the shell; when several apply the first in this order counts. */

export interface Ending {
  /** Ctrl-C. */
  readonly interrupted?: boolean;
  /** A fault of amemc itself. */
  readonly bug?: boolean;
  /** The spec or the command is wrong. */
  readonly wrong?: boolean;
  /** A claim fails, or one marked `expected fails` holds. */
  readonly failing?: boolean;
  /** Points failed or are missing. */
  readonly incomplete?: boolean;
  /** A claim is undecided for another reason. */
  readonly undecided?: boolean;
}

export const EXIT = {
  interrupted: 130,
  bug: 70,
  wrong: 2,
  failing: 1,
  incomplete: 3,
  undecided: 4,
} as const satisfies Record<keyof Ending, number>;

const ORDER = ["interrupted", "bug", "wrong", "failing", "incomplete", "undecided"] as const;

export function exitCode(ending: Ending): number {
  const first = ORDER.find((name) => ending[name] === true);
  return first === undefined ? 0 : EXIT[first];
}
