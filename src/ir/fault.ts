/** What is thrown when a rule of the IR is broken: always a bug of ours, never a mistake of the user. */

/** A broken rule; `op` is the op at fault, or the pass that noticed. */
export class IrFault extends Error {
  constructor(
    readonly op: string,
    message: string,
  ) {
    super(`${op}: ${message}`);
    this.name = "IrFault";
  }
}

/** A program cannot be padded: it is made for its own sizes instead. */
export class NotPaddable extends Error {
  constructor(why: string) {
    super(why);
    this.name = "NotPaddable";
  }
}

/** The entry of a list that must be there. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const entry = list[index];
  if (entry === undefined) throw new IrFault("internal", `no entry ${index} in a list of ${list.length}`);
  return entry;
}
