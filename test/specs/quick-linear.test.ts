import { quickly } from "./quick.js";

quickly("linear");
