import { quickly } from "./quick.js";

quickly("scaling");
