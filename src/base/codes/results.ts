/** AM6xxx: results, claims and charts. */
import type { CodeTable } from "./entry.js";

export const resultCodes: CodeTable = {};
