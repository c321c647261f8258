import { quickly } from "./quick.js";

quickly("muon");
