/** Rules for claims, charts, sources, provenance and tooltips. */

export const PARTS = `
.claim{margin:0 0 .9rem;padding:.85rem 1.1rem .9rem;border:1px solid var(--line);border-left:4px solid var(--quiet);border-radius:.45rem}
.claim.met{border-left-color:var(--met)}
.claim.unmet{border-left-color:var(--unmet)}
.claim.open{border-left-color:var(--open)}
.claim>header{display:flex;align-items:baseline;gap:.75rem}
.claim>header h3{flex:1 1 auto;font-weight:600}
.badge{flex:none;display:inline-block;padding:.05rem .55rem;border-radius:.4rem;font-size:.84rem;font-weight:650;white-space:nowrap}
.badge.met{color:var(--met);background:var(--met-paper)}
.badge.unmet{color:var(--unmet);background:var(--unmet-paper)}
.badge.open{color:var(--open);background:var(--open-paper)}
.expectations{list-style:none;margin:.55rem 0 0;padding:0}
.expectation{padding:.4rem 0 .1rem}
.expectation+.expectation{border-top:1px solid var(--line);margin-top:.4rem}
.condition{margin:0;display:flex;gap:.5rem;align-items:baseline}
.condition code{overflow-wrap:anywhere;color:var(--quiet);font-size:.84em}
.outcome{flex:none;font-weight:700;width:1em}
.expectation.holds .outcome{color:var(--met)}
.expectation.fails .outcome{color:var(--unmet)}
.expectation.undecided .outcome{color:var(--open)}
.facts{display:flex;flex-wrap:wrap;gap:.3rem 1.5rem;margin:.3rem 0 .2rem 1.5rem}
.facts div{display:flex;flex-direction:column}
.facts dt{font-size:.74rem;color:var(--quiet);line-height:1.3}
.facts dd{margin:0;font-variant-numeric:tabular-nums;font-weight:600;font-size:.95rem}
.reason{margin:.25rem 0 .25rem 1.5rem;font-size:.88rem;color:var(--open)}
.fails .reason{color:var(--unmet)}
.holds .reason{color:var(--quiet)}
.health{margin:.35rem 0 .3rem 1.5rem;padding:.35rem .7rem;border-radius:.4rem;background:var(--open-paper);font-size:.86rem;max-width:46rem}
.health strong{color:var(--open);font-weight:650}
.health span{display:block;color:var(--quiet)}
figure.chart{margin:1.9rem 0}
.plot{overflow-x:auto;margin:.55rem 0 .2rem}
.plot svg{display:block;max-width:100%;height:auto}
.plot.broad svg{min-width:36rem}
.plot svg text{font-variant-numeric:tabular-nums}
.live{display:none}
.is-live .live{display:block}
.is-live .static{display:none}
.live .mark-rect.role-mark path{shape-rendering:crispEdges}
.files{margin-left:auto;display:flex;gap:.3rem}
.files button{font:inherit;font-size:.76rem;padding:.05rem .5rem;color:var(--quiet);background:none;border:1px solid var(--line);border-radius:.35rem;cursor:pointer}
.files button:hover{color:var(--ink);border-color:var(--quiet)}
figcaption{max-width:46rem}
.fault{margin:.5rem 0;padding:.5rem .8rem;border-radius:.4rem;background:var(--open-paper);font-size:.92rem}
.fault span{color:var(--quiet)}
details>summary{cursor:pointer;color:var(--quiet);font-size:.86rem}
details.data{margin:.25rem 0}
details.data .wide{max-height:22rem;overflow:auto}
details.data th,details.data td{padding:.12rem .6rem;font-size:.8rem}
section.table{margin:1.9rem 0}
th.axis{color:var(--quiet);font-weight:400;font-style:italic}
td.missing{color:var(--open)}
.source{margin:.6rem 0;padding:.8rem 0;background:var(--sunk);border:1px solid var(--line);border-radius:.45rem;overflow-x:auto;line-height:1.5;counter-reset:line;tab-size:4}
.source code{display:block;font-size:.8rem;width:max-content;min-width:100%}
.source .line{counter-increment:line;padding-right:1.2rem}
.source .line::before{content:counter(line);display:inline-block;width:2.8rem;padding-right:1.1rem;text-align:right;color:var(--comment);opacity:.7;-webkit-user-select:none;user-select:none}
.source .line:target{background:var(--open-paper)}
.keyword{color:var(--keyword)}
.string{color:var(--string)}
.source .number{color:var(--number);text-align:inherit}
.comment{color:var(--comment);font-style:italic}
.doc{color:var(--comment)}
.operator{color:var(--operator)}
.module{margin:.4rem 0}
.trouble{color:var(--unmet);font-weight:650}
.troubles ul{margin:.3rem 0;padding-left:1.3rem;font-size:.88rem}
.provenance{margin:0;font-size:.88rem}
.provenance div{display:grid;grid-template-columns:8.5rem 1fr;gap:.2rem 1rem;padding:.28rem 0;border-bottom:1px solid var(--line)}
.provenance dt{color:var(--quiet)}
.provenance dd{margin:0;overflow-wrap:anywhere}
.tip{position:fixed;z-index:10;display:none;pointer-events:none;max-width:22rem;padding:.4rem .6rem;font-size:.78rem;line-height:1.4;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:.4rem;box-shadow:0 2px 10px rgb(0 0 0/.18)}
.tip.is-shown{display:block}
.tip dl{margin:0}
.tip dl div{display:flex;gap:.7rem;justify-content:space-between}
.tip dt{color:var(--quiet)}
.tip dd{margin:0;font-variant-numeric:tabular-nums;font-weight:600}
@media (max-width:40rem){
main{padding:1.3rem 1rem 3rem}
h1{font-size:1.5rem}
h2{margin-top:2.2rem}
.claim{padding:.7rem .8rem}
.claim>header{flex-wrap:wrap;gap:.35rem .6rem}
.claim>header h3{flex-basis:100%;order:3}
.claim>header .anchor{margin-left:auto}
.facts{margin-left:0;gap:.3rem 1.1rem}
.reason,.health{margin-left:0}
.provenance div{grid-template-columns:1fr;gap:0}
.source .line::before{width:2.1rem;padding-right:.7rem}
}
`;
