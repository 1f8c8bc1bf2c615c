// The style of the page. Its hash stands in the page's Content-Security-Policy, which allows no other style.

const LIGHT = '--paper:#fff;--ink:#1b1f24;--quiet:#59636e;--rule:#d1d9e0;--panel:#f6f8fa;--bar:#0a69c7';
const DARK = '--paper:#0f1319;--ink:#e6edf3;--quiet:#9aa5b1;--rule:#343b45;--panel:#181e26;--bar:#5aa9f8';
const LIGHT_TONES = '--good:#116329;--warning:#7d4e00;--bad:#b3121d';
const DARK_TONES = '--good:#56d364;--warning:#e3b341;--bad:#ff8a82';

export const STYLE = `
:root{color-scheme:light dark;${LIGHT};${LIGHT_TONES}}
@media (prefers-color-scheme:dark){:root{${DARK};${DARK_TONES}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:80rem;padding:1rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.1rem;margin:0;color:var(--quiet)}
h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-top:1rem;border-top:1px solid var(--rule)}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.5rem 0;overflow-wrap:anywhere}
.verdict{font-size:1.2rem}
.verdict strong{display:block;font-size:1.8rem;line-height:1.2}
.good{color:var(--good)}
.warning{color:var(--warning)}
.bad{color:var(--bad)}
.quiet{color:var(--quiet)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.5rem;margin:1rem 0}
dl div{padding:.5rem .75rem;background:var(--panel);border-radius:.4rem}
dt{color:var(--quiet);font-size:.85rem}
dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.table{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem}
th,td{padding:.3rem .75rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
th{color:var(--quiet);font-weight:600;white-space:nowrap}
td{min-width:3rem;max-width:30rem;overflow-wrap:anywhere}
td:first-child{min-width:10rem}
.figure{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.bar{display:block;width:100%;height:.4rem;margin-top:.2rem}
.histogram{display:block;width:9rem;height:1.5rem;margin-top:.2rem}
figure{margin:1rem 0;overflow-x:auto}
figcaption{color:var(--quiet);font-size:.9rem}
.chart{display:block;width:100%;min-width:32rem;max-width:45rem;height:auto}
rect{fill:var(--bar)}
line{stroke:var(--rule)}
text{fill:var(--quiet);font-size:14px}
@media print{
:root{color-scheme:light;${LIGHT};${LIGHT_TONES}}
body{max-width:none;padding:0;font-size:10pt}
.table{overflow:visible}
thead{display:table-header-group}
tr,figure,dl div{break-inside:avoid}
h2,h3{break-after:avoid}
rect{print-color-adjust:exact}
}
`;
