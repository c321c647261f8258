/** AM5xxx: data files and datasets. */
import type { CodeTable } from "./entry.js";

export const fileCodes: CodeTable = {};
