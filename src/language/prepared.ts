/** What the library's files say: sources have nothing of it, bundles what `scripts/lib/prepared.mjs` makes of this module. */

/** Trees as JSON, by file. */
export const preparedTrees: Readonly<Record<string, string>> = {};
