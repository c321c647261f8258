import { writeFileSync } from "node:fs";
import { makeReport, warm } from "../../src/report/entry.js";
import { gallery } from "./gallery.js";
import { experiment, sampleInput } from "./sample.js";

const cpu = (): number => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000;
const t = cpu();
await warm();
const t0 = cpu();
const { html, problems } = await makeReport(sampleInput());
const t1 = cpu();
console.log("load", t, "warm", t0 - t, "ms", t1 - t0, html.length, problems);
writeFileSync("/tmp/report.html", html);
const own = { ...experiment(), items: gallery().map((chart) => ({ kind: "chart" as const, chart })) };
const g = await makeReport(sampleInput({ experiments: [own] }));
console.log("gallery", cpu() - t1, g.html.length, g.problems);
writeFileSync("/tmp/gallery.html", g.html);
