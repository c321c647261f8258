// What the scripts tell the user, always on stderr: stdout belongs to results.

/** A fault the user can do something about: shown as one line, without a stack. */
export class Refusal extends Error {}

/** @typedef {(line: string) => void} Say */

/** @type {Say} */
export const say = (line) => {
  process.stderr.write(`amemc: ${line}\n`);
};

/** @param {number} bytes */
export const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;

/** @param {number} since milliseconds, as Date.now() gave them */
export const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** @param {unknown} error */
export const reason = (error) => (error instanceof Error ? error.message : String(error));
