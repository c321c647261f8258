/** What docs/operators.md says of a name that the language brings along; it stands beside what the checker knows of the name. */
export interface Described {
  /** How it is written: `quantile(i, q) x[i]`. */
  readonly form: string;
  readonly says: string;
  /** Whether a gradient passes; left out where there is nothing to differentiate. */
  readonly derivative?: "yes" | "0" | "none";
}

export type Table<Name extends string = string> = Readonly<Record<Name, Described>>;
