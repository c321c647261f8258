/** The page's look: two schemes, wide and narrow, on paper. */
import { exchangeRules } from "./scheme.js";
import { PARTS } from "./style-parts.js";

const LIGHT = `
--paper:#ffffff;--sunk:#f6f7f9;--ink:#1f2329;--quiet:#59636e;--line:#dfe3e8;--accent:#0b62a4;
--met:#116329;--met-paper:#e3f5e7;--unmet:#a40e26;--unmet-paper:#ffe9e9;--open:#7a4b00;--open-paper:#fff3d6;
--keyword:#8250df;--string:#0a5c36;--number:#0550ae;--comment:#6b7480;--operator:#59636e;`;
const DARK = `
--paper:#14181d;--sunk:#1b2027;--ink:#e6e9ed;--quiet:#a3adb8;--line:#313841;--accent:#6cb6ff;
--met:#6fd68a;--met-paper:#12301c;--unmet:#ff9b94;--unmet-paper:#3a191c;--open:#f2c063;--open-paper:#352809;
--keyword:#c9a6ff;--string:#84d4a1;--number:#83bcff;--comment:#8b96a3;--operator:#a3adb8;`;

const BASE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:56rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}
h1,h2,h3,h4,h5,h6{line-height:1.25;margin:0;font-weight:650}
h1{text-wrap:balance;font-size:2rem;letter-spacing:-.015em}
h2{font-size:1.3rem;margin:3rem 0 1rem;padding-bottom:.4rem;border-bottom:1px solid var(--line)}
h3{font-size:1.02rem}
h3.group{margin:1.6rem 0 .7rem;color:var(--quiet);font-weight:600}
p{margin:.6rem 0}
a{color:var(--accent);text-underline-offset:.15em}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.aside,figcaption,.sources,.file{color:var(--quiet);font-size:.88rem}
.file{margin:0 0 .35rem}
.sources{margin:.35rem 0}
.top .prose{margin:.9rem 0 0}
.lead{max-width:44rem;color:var(--quiet)}
.summary{display:inline-block;margin:1.1rem .5rem 0 0;padding:.3rem .75rem;border-radius:.5rem;font-weight:600;font-size:.95rem}
.summary.met{color:var(--met);background:var(--met-paper)}
.summary.unmet{color:var(--unmet);background:var(--unmet-paper)}
.summary.open{color:var(--open);background:var(--open-paper)}
.incomplete{margin:1.1rem 0 0;padding:.6rem 1rem;border:2px solid var(--unmet);border-radius:.5rem;background:var(--unmet-paper);max-width:44rem}
.chosen{margin:1.1rem 0 0}
.incomplete p{margin:.2rem 0}
.incomplete strong{color:var(--unmet)}
.prose{max-width:44rem}
.prose :is(h3,h4,h5,h6){margin:1.4rem 0 .4rem}
.prose :is(ul,ol){padding-left:1.4rem}
.prose blockquote{margin:.8rem 0;padding-left:1rem;border-left:3px solid var(--line);color:var(--quiet)}
.prose pre{background:var(--sunk);padding:.7rem .9rem;border-radius:.4rem;overflow-x:auto}
.prose img{max-width:100%}
.value{font-variant-numeric:tabular-nums;font-weight:600;white-space:nowrap}
.value.missing{color:var(--open)}
math{font-size:1.06em}
math[display=block]{margin:.9rem 0;overflow-x:auto}
.head{display:flex;align-items:baseline;gap:.7rem;flex-wrap:wrap}
.head h3{flex:0 1 auto}
.anchor{color:var(--quiet);text-decoration:none;font-size:.85rem;opacity:.75}
.anchor:hover{text-decoration:underline;opacity:1}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;margin:.6rem 0}
th,td{padding:.28rem .75rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600}
thead th{color:var(--quiet);font-size:.84rem}
.number,thead .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
footer{margin-top:3.5rem;padding-top:.8rem;border-top:1px solid var(--line);color:var(--quiet);font-size:.85rem;overflow-wrap:anywhere}
`;

const PAPER_RULES = `
@page{margin:16mm}
@media print{
:root{${LIGHT}}
main{max-width:none;padding:0}
body{font-size:10.5pt}
.live,.files,.anchor,.tip,.data{display:none!important}
.is-live .static{display:block!important}
.claim,figure,.table,tr{break-inside:avoid}
h2,h3{break-after:avoid}
details>summary{list-style:none}
}`;

export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}
${exchangeRules(".plot")}}
${BASE}${PARTS}${PAPER_RULES}`.replace(/\n+/gu, "\n");
