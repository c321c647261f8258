/** AM3xxx: types. */
import type { CodeTable } from "./entry.js";

export const typeCodes: CodeTable = {};
