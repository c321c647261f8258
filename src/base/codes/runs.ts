/** AM7xxx: runs. */
import type { CodeTable } from "./entry.js";

export const runCodes: CodeTable = {};
