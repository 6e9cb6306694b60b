// The one script every page loads: it brings in a behaviour only where the page has the element for it.
// Everything works without it; each module improves elements that are already there.

const BEHAVIOURS = [
  ["[data-money]", "./money.js"],
  ["input[type='date'], input[type='datetime-local']", "./days.js"],
  ["[data-rows]", "./repeat.js"],
  ["[data-chart]", "./charts.js"],
  ["form[data-draft], [data-message], [data-forget-drafts]", "./draft.js"],
  ["[data-confirm], [data-unkept]", "./confirm.js"],
  ["[data-slider]", "./slider.js"],
  ["form[data-language]", "./language.js"],
  ["[data-sortable]", "./sortable.js"],
  [".table-wrap", "./scrolling.js"],
];

/** Hand `root` to every module it has work for. Modules mark what they have dressed, so calling this twice is harmless. */
function dress(root) {
  for (const [selector, address] of BEHAVIOURS) {
    if (root.matches?.(selector) || root.querySelector(selector)) {
      import(address).then((module) => module.dress(root));
    }
  }
}

dress(document.documentElement);
for (const news of ["htmx:load", "row:added"]) document.addEventListener(news, (event) => dress(event.detail.elt));

// A refused form: the summary takes the focus so that it is read out and seen first.
document.querySelector("[data-error-summary]")?.focus();

// An open account menu closes on Escape and on a click elsewhere, as people expect of a menu.
const account = document.querySelector("details.account");
if (account) {
  document.addEventListener("click", (event) => {
    if (!account.contains(event.target)) account.open = false;
  });
  account.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      account.open = false;
      account.querySelector("summary").focus();
    }
  });
}
