import { Markup } from './markup.ts';

/** On paper the colours are those of the light page. Text has at least 4.5 : 1 against its ground in both. */
export const STYLE = new Markup(`
:root {
  color-scheme: light;
  --ground: #ffffff; --ink: #1c2126; --muted: #5b6570; --rule: #d5dae0; --hair: #e9ecef;
  --good: #17703a; --warning: #8a5a00; --bad: #b3261e;
  --line: #4c6379; --area: #c9d5e0; --bar: #8296a9;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --ground: #12161b; --ink: #e4e8ec; --muted: #98a3ae; --rule: #39424c; --hair: #262d35;
    --good: #56c27f; --warning: #dba642; --bad: #f2827a;
    --line: #9db4c9; --area: #2f3f4e; --bar: #6d8296;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
main, footer { max-width: 58rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-top: 2rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.0625rem; margin: 2rem 0 0.5rem; overflow-wrap: anywhere; }
p, ul, dl { max-width: 44rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
ul { padding-left: 1.1rem; }
li { margin-bottom: 0.3rem; }
dl { display: grid; grid-template-columns: fit-content(35%) 1fr; gap: 0.25rem 1.25rem; }
dt { color: var(--muted); }
dd { margin: 0; }
.good { color: var(--good); }
.warning { color: var(--warning); }
.bad { color: var(--bad); }
.dim { color: var(--muted); }
.strong { font-weight: 600; }
.scroll { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 1.25rem 0.3rem 0; vertical-align: top; text-align: left; }
th:last-child, td:last-child { padding-right: 0; }
th { color: var(--muted); font-weight: 500; vertical-align: bottom; border-bottom: 1px solid var(--rule); }
td { border-bottom: 1px solid var(--hair); overflow-wrap: break-word; }
.number { text-align: right; }
td.number { white-space: nowrap; }
td.name { max-width: 16rem; }
td.short, th.short { white-space: nowrap; }
td.sentence:not(.short) { min-width: 10rem; }
figure { margin: 0 0 1.25rem; break-inside: avoid; }
figcaption { color: var(--muted); font-size: 0.875rem; }
figcaption.title { color: var(--ink); font-size: 1rem; font-weight: 600; margin-bottom: 0.35rem; }
figcaption span { margin-right: 1.25rem; display: inline-block; }
.key { display: inline-block; width: 1.1em; height: 0.4em; margin-right: 0.45em; background: var(--good); vertical-align: 0.15em; }
svg { display: block; width: 100%; min-width: 40rem; height: auto; }
svg text { font: 12.5px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; fill: var(--ink); }
svg text.dim { fill: var(--muted); }
svg text.small { font-size: 11.5px; fill: var(--muted); }
svg text.strong { font-weight: 600; }
svg text.good { fill: var(--good); }
svg text.warning { fill: var(--warning); }
svg text.bad { fill: var(--bad); }
svg text { font-variant-numeric: tabular-nums; }
.end { text-anchor: end; }
.middle { text-anchor: middle; }
.hair { stroke: var(--hair); fill: none; }
.axis { stroke: var(--rule); fill: none; }
.area { fill: var(--area); opacity: 0.65; }
.line { stroke: var(--line); stroke-width: 1.5; fill: none; }
.window { fill: var(--good); opacity: 0.18; }
.run { fill: var(--good); }
.mark { stroke: var(--ink); fill: none; }
.haloed { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }
.hover { fill: transparent; }
.window, .area, .line, .mark { pointer-events: none; }
.bar { fill: var(--bar); }
.bar.good { fill: var(--good); }
.bar.warning { fill: var(--warning); }
.bar.bad { fill: var(--bad); }
.bar.dim { fill: var(--area); }
.bar.strong { fill: var(--ink); }
footer { color: var(--muted); font-size: 0.8125rem; padding-top: 1rem; padding-bottom: 2rem; }
@media print {
  @page { margin: 15mm; }
  :root { font-size: 12px; }
  main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  main { padding-top: 0; }
  h2 { break-after: avoid; }
  tr, li { break-inside: avoid; }
  .scroll { overflow: visible; }
  svg { min-width: 0; }
  svg, .key { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`);
