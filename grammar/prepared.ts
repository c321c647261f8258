/** What the parser need not work out: sources have nothing of it, bundles what `scripts/lib/prepared.mjs` makes of this module. */
import type { Decisions } from "./decisions.js";

export const preparedDecisions: Decisions | null = null;
