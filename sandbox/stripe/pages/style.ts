/** The look of all pages: one style sheet, no scripts, light and dark. */
export const PAGE_STYLE = `
:root {
  --ground: #f6f5f2; --card: #ffffff; --ink: #1d1c1a; --soft: #5c5850; --line: #dcd8cf;
  --accent: #2b5aa8; --on-accent: #ffffff; --warn-ground: #fdf1d6; --warn-ink: #5b4300; --bad: #a32620; --good: #1f6b3a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #161719; --card: #1f2124; --ink: #e9e7e2; --soft: #a9a59b; --line: #383a3f;
    --accent: #9dbcf2; --on-accent: #10203b; --warn-ground: #3a2f12; --warn-ink: #f3dda3; --bad: #f2938c; --good: #8fd0a5;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
.notice { margin: 0; padding: .5rem 1rem; background: var(--warn-ground); color: var(--warn-ink); text-align: center; font-size: .875rem; }
main { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 30rem; }
.wide main { max-width: 72rem; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; }
h2 { margin: 2.25rem 0 .5rem; font-size: 1.125rem; }
p { margin: 0 0 1rem; }
a { color: var(--accent); text-underline-offset: .15em; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.25rem; margin: 1rem 0; }
.price { font-size: 2rem; font-weight: 650; line-height: 1.2; margin: .25rem 0; font-variant-numeric: tabular-nums; }
.soft, .hint { color: var(--soft); }
.hint { font-size: .875rem; margin: .25rem 0 0; }
label { display: block; font-weight: 550; margin: 1rem 0 .25rem; }
.card > label:first-child, fieldset > label:first-of-type { margin-top: 0; }
input, select { width: 100%; padding: .6rem .7rem; font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--soft); border-radius: 6px; }
input[readonly] { color: var(--soft); border-style: dashed; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0 1rem; align-items: start; }
.two summary { margin: 0; color: var(--ink); }
.two form .buttons { margin-top: 1rem; }
.first { margin-top: 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.paging { display: flex; gap: 1rem; align-items: baseline; padding-top: .5rem; }
.clear { align-self: center; white-space: nowrap; }
.tries summary { margin: 0; } .tries ol { margin: .25rem 0; padding-left: 1.25rem; }
.calls { padding-left: 1.25rem; }
.together { display: flex; gap: .5rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1rem; border-radius: 6px; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); cursor: pointer; }
button.small { padding: .1rem .5rem; font-weight: 500; }
button.quiet { background: transparent; color: var(--accent); }
button.main { width: 100%; margin-top: 1.5rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.alert { padding: .75rem 1rem; border: 1px solid var(--bad); border-radius: 6px; color: var(--bad); background: var(--card); }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
.buttons form { margin: 0; }
.buttons label { margin-top: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 550; color: var(--soft); }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
code { font: .8125rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
td code, td time { white-space: nowrap; }
summary { cursor: pointer; color: var(--accent); margin-top: 1rem; }
.good, .tries .good { color: var(--good); } .bad, .tries .bad { color: var(--bad); }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } }
`;
