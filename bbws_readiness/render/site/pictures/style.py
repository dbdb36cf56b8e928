"""The rules of all classes that pictures use, in terms of the colours that the page defines."""

from __future__ import annotations

from bbws_readiness.render.site.pictures.markup import MOST_STEPS, STEP

_SHRINK, _GROW = 0.82, 1.12
"""How much smaller and larger than drawn a picture may be shown before it scrolls, or stands alone."""

_SIZES = "\n".join(
    f".pic-n{steps} {{ width: 100%; min-width: {size * _SHRINK:.0f}px; max-width: {size * _GROW:.0f}px; }}"
    for steps, size in ((steps, steps * STEP) for steps in range(1, MOST_STEPS + 1))
)

PICTURE_STYLE = (
    f"""
{_SIZES}
"""
    + """
.pic { margin: 0; color: var(--ink); }
.pic-scroll { position: relative; overflow-x: auto; max-width: 100%; }
.pic-scroll:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.pic-svg { display: block; height: auto; font-family: inherit; }
.pic-score { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
.pic-score .pic-beside { flex: 1 1 16rem; min-width: 0; }
.pic-note, .pic-caption { margin: .75rem 0; color: var(--muted); }
.pic-caption { font-size: .875rem; }
.pic-t { fill: var(--ink); font-size: 12.5px; }
.pic-small { font-size: 11px; }
.pic-soft { fill: var(--muted); color: var(--muted); }
.pic-strong { font-weight: 600; }
.pic-huge { font-size: 44px; font-weight: 700; }
.pic-day { font-size: 12px; font-weight: 600; }
.pic-hour { font-size: 10.5px; fill: var(--muted); }
.pic-letter { font-size: 11px; font-weight: 700; }
.pic-halo { paint-order: stroke; stroke: var(--surface); stroke-width: 4px; stroke-linejoin: round; }
.pic-sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.pic-rule { fill: none; stroke: var(--line); }
.pic-rest { fill: var(--line); fill-opacity: .45; }
.pic-folded { fill: var(--line); fill-opacity: .18; }
.pic-window { fill: var(--ok); fill-opacity: .13; }
.pic-lane { fill: var(--line); fill-opacity: .3; }
.pic-ready-line { fill: none; stroke: var(--ok); stroke-width: 2; stroke-dasharray: 5 4; }
.pic-mark-ready { fill: var(--ok); stroke: var(--ok); }
.pic-mark-planned { fill: var(--surface); stroke: var(--ink); stroke-width: 1.5; }
.pic-link { fill: none; stroke: var(--muted); stroke-width: 1.25; stroke-opacity: .75; }
.pic-heavy-link { stroke: var(--ink); stroke-width: 2.5; stroke-opacity: 1; }
.pic-against { stroke-dasharray: 4 3; }
.pic-head { fill: var(--muted); stroke: none; }
.pic-heavy-head { fill: var(--ink); }

.pic-bar, .pic-node { stroke-width: 1.25; fill-opacity: .22; }
.pic-node { fill-opacity: .1; }
.pic-ground { fill: var(--surface); }
.pic-node.pic-heavy { stroke-width: 2.5; }
.pic-critical { --pic: var(--bad); }
.pic-high { --pic: var(--warn); }
.pic-medium { --pic: var(--unknown); }
.pic-low { --pic: var(--muted); }
.pic-decision { --pic: var(--choice); }
.pic-bar, .pic-node { fill: var(--pic); stroke: var(--pic); }
.pic-node.pic-low, .pic-bar.pic-low { fill-opacity: .08; }
.pic-node.pic-goal { fill: var(--surface); fill-opacity: 1; stroke: var(--ink); stroke-width: 2; }
.pic-node.pic-outside { fill: var(--surface); fill-opacity: 1; stroke: var(--muted); stroke-dasharray: 6 4; }
.pic-node.pic-group { fill: var(--line); fill-opacity: .25; stroke: var(--line); }
.pic-member { fill: none; stroke: var(--line); }
.pic-member.pic-heavy { stroke: var(--ink); stroke-width: 2; }
.pic-badge { fill: var(--pic); fill-opacity: .22; stroke: var(--pic); }
.pic-node.pic-lacking { stroke: var(--bad); }

.pic-ring { fill: var(--pic); fill-opacity: .45; }
.pic-ring.pic-track { fill: var(--line); fill-opacity: .5; }
.pic-ring.pic-left { fill: var(--ok); fill-opacity: 1; }
.pic-ring.pic-untold { fill: none; }

.pic-legend { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; list-style: none; margin: 0 0 .75rem; padding: 0;
  font-size: .875rem; }
.pic-legend li { display: inline-flex; align-items: center; gap: .45rem; }
.pic-chip { display: inline-block; min-width: 1.35em; padding: 0 .2em; border: 1px solid var(--pic); border-radius: 4px;
  text-align: center; font-size: .75rem; font-weight: 700; line-height: 1.4;
  background: color-mix(in srgb, var(--pic) 22%, var(--surface)); color: var(--ink); }

.pic table { border-collapse: collapse; width: 100%; font-size: .875rem; }
.pic caption { text-align: start; font-weight: 600; padding: .4rem 0; }
.pic th, .pic td { padding: .5rem .6rem; border: 1px solid var(--line); text-align: start; vertical-align: top; }
.pic thead th { color: var(--muted); font-weight: 600; white-space: nowrap; }
.pic-data td { overflow-wrap: anywhere; }
.pic-data { margin: .75rem 0; }
.pic-data > summary { cursor: pointer; padding: .25rem 0; }

.pic table.pic-risks { table-layout: fixed; }
.pic-risks th { font-weight: 600; color: var(--muted); overflow-wrap: anywhere; }
.pic table.pic-risks thead th { white-space: normal; }
.pic-risks thead .pic-corner { border: 0; width: 6.5rem; }
.pic .pic-heat { height: 4.5rem; }
.pic-mild { background: color-mix(in srgb, var(--ok) 10%, var(--surface)); }
.pic-some { background: color-mix(in srgb, var(--warn) 14%, var(--surface)); }
.pic-great { background: color-mix(in srgb, var(--bad) 14%, var(--surface)); }
.pic-heat ul, .pic-unrated ul { display: flex; flex-wrap: wrap; gap: .3rem .7rem; list-style: none; margin: 0;
  padding: 0; }
.pic-heat li, .pic-unrated li { display: inline-flex; align-items: center; gap: .3rem; }
@media (max-width: 36rem) {
  .pic table.pic-risks { font-size: .75rem; }
  .pic-risks thead .pic-corner { width: 4.6rem; }
  .pic-risks th, .pic-risks td { padding: .35rem .3rem; }
}
.pic-unrated { display: flex; flex-wrap: wrap; gap: .5rem 1rem; margin-top: .75rem; font-size: .875rem; }

.pic-sources tbody th { min-width: 8rem; max-width: 14rem; font-weight: 400; position: sticky; left: 0;
  background: var(--surface); overflow-wrap: anywhere; }
.pic-sources tbody th > span { display: block; }
.pic .pic-said { min-width: 11rem; max-width: 16rem; }
.pic .pic-said.pic-said-silent { min-width: 4rem; color: var(--muted); text-align: center; }
.pic-sign { display: inline-block; min-width: 1.4em; margin-inline-end: .35em; border-radius: 4px; text-align: center;
  font-weight: 700; }
.pic-words { overflow-wrap: anywhere; }
.pic-long { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 6; overflow: hidden; }
.pic-at { display: block; margin-top: .2rem; font-size: .75rem; color: var(--muted); overflow-wrap: anywhere; }
.pic-at code { font-size: inherit; }
.pic-said-authority { background: color-mix(in srgb, var(--ok) 20%, var(--surface)); }
.pic-said-agrees { background: color-mix(in srgb, var(--ok) 8%, var(--surface)); }
.pic-said-differs { background: color-mix(in srgb, var(--bad) 14%, var(--surface)); }
.pic-said-disputed { background: color-mix(in srgb, var(--warn) 14%, var(--surface)); }
.pic-said-not-verified { background: color-mix(in srgb, var(--unknown) 12%, var(--surface)); }

@media print {
  .pic-scroll { overflow: visible; }
  .pic .pic-svg { min-width: 0; max-width: 100%; }
  .pic table { font-size: .8rem; }
  .pic .pic-said, .pic .pic-said.pic-said-silent { min-width: 0; }
  .pic-long { display: inline; }
  .pic-svg, .pic table { print-color-adjust: exact; }
}
"""
)
"""Stands in the page's stylesheet behind `--ok --warn --bad --unknown --choice --ink --muted --line --surface`."""
