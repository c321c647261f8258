import { quickly } from "./quick.js";

quickly("birth");
