// Draws the figures of macros/charts.html. Data, not code, comes from the page; colours come from the style sheet, so that
// light, dark and print agree with everything around the chart. Tooltips are drawn on the canvas: an HTML tooltip would need
// inline styles, which the Content Security Policy refuses.

import { init } from "../vendor/echarts.js";
import { OPTIONS, least } from "./chart-kinds.js";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const drawn = new Map();

export function dress(root) {
  const places = [...root.querySelectorAll("[data-chart]")];
  if (root.matches("[data-chart]")) places.push(root);
  for (const place of places) if (!drawn.has(place)) draw(place);
}

function draw(place) {
  const source = place.parentElement.querySelector('script[type="application/json"]');
  const kind = OPTIONS[place.dataset.chart];
  if (!kind || !source) return;
  const data = JSON.parse(source.textContent);
  const height = least(place.dataset.chart, data);
  if (height > place.clientHeight) place.style.height = `${height}px`;
  const chart = init(place, null, { renderer: "canvas" });
  const paint = () => chart.setOption(option(kind, data, place), { notMerge: true });
  drawn.set(place, { chart, paint });
  paint();
  new ResizeObserver(() => {
    if (!place.isConnected) forget(place);
    else if (place.clientWidth) {
      chart.resize();
      paint();
    }
  }).observe(place);
}

function forget(place) {
  drawn.get(place)?.chart.dispose();
  drawn.delete(place);
}

function option(kind, data, place) {
  const look = readLook(place);
  return {
    animation: !still.matches,
    animationDuration: 250,
    // The page names every drawing and writes its numbers beside it; the library would say so in English only.
    aria: { enabled: true, label: { enabled: false }, decal: { show: false } },
    textStyle: { fontFamily: look.font, color: look.ink, fontSize: 13 },
    color: look.series,
    ...kind(data, look),
  };
}

/** The style sheet's values at this moment, and how the reader writes numbers. */
function readLook(place) {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  const sources = Object.fromEntries(
    ["own", "alliance", "subsidy", "loan", "industry", "pay_later"].map((name) => [name, value(`--source-${name}`)]),
  );
  return {
    font: value("--font"),
    ink: value("--ink"),
    muted: value("--muted"),
    line: value("--line"),
    surface: value("--surface"),
    accent: value("--accent"),
    wash: value("--accent-wash"),
    mark: value("--source-mark"),
    sources,
    series: [value("--accent"), sources.loan, sources.own, sources.subsidy, sources.industry, sources.alliance],
    width: place.clientWidth,
    narrow: place.clientWidth < 480,
    language: document.documentElement.lang,
  };
}

function repaint() {
  for (const [place, { paint }] of drawn) {
    if (place.isConnected) paint();
    else forget(place);
  }
}

dark.addEventListener("change", repaint);
window.matchMedia("print").addEventListener("change", repaint);
