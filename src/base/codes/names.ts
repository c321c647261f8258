/** AM2xxx: names and axes. */
import type { CodeTable } from "./entry.js";

export const nameCodes: CodeTable = {};
