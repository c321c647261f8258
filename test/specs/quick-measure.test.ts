import { quickly } from "./quick.js";

quickly("measure");
