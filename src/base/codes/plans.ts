/** AM4xxx: constants, sweeps and plans. */
import type { CodeTable } from "./entry.js";

export const planCodes: CodeTable = {};
