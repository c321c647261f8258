// The shape of the validators that `scripts/build.mjs` makes from `*.schema.json` (`x.validate.js` beside `x.schema.json`).

export interface SchemaError {
  /** Where in the data, as a JSON pointer. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** Says whether data fits; after a `false` the reasons are in `errors`. */
export interface SchemaValidator {
  (data: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
}

/** The reasons of the last refusal in one line. */
export function schemaErrors(validate: SchemaValidator): string {
  return (validate.errors ?? [])
    .map((e) => `${e.instancePath === "" ? "the whole" : e.instancePath} ${e.message ?? e.keyword}`)
    .join("; ");
}
