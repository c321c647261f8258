import type { DType } from "./types.js";

/** The distance from 1 to the next number of a type of reals. */
export const roundingOf = (dtype: DType): number => (dtype === "f64" ? 2 ** -52 : 2 ** -23);
