import type { Definition } from "./typed.js";

/** Whether a phase declares it: what it declares starts afresh with it, all else begins with the run. */
export const isOwnOf = (phase: string, { name }: Pick<Definition, "name">): boolean => name.startsWith(`${phase}.`);
