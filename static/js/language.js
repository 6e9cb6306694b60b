// Another language loads the page anew: what was typed so far is handed over to it once, within this tab. A form with a draft of
// its own (draft.js) needs none of this; passwords, files and hidden fields but data-mark are never handed over. What a form marks with
// data-unkept="question" may lie nowhere in a browser: there the question is asked before it is lost.

import { contents, fillIn } from "./draft.js";

const TYPED = "typed";
const PAGE = "page-of-form";
const LASTS_MS = 60 * 1000;

export function dress(root) {
  const language = root.querySelector("form[data-language]:not([data-dressed])");
  if (!language) return;
  language.dataset.dressed = "";
  const next = language.elements.next;
  const answer = "answer" in language.dataset;
  // A page that answers a form has no address of its own: the last one of this tab that has is where the form stands.
  if (answer) next.value = sessionStorage.getItem(PAGE) ?? next.value;
  else sessionStorage.setItem(PAGE, next.value);
  askFirst(language, answer);
  takeOver();
  const first = new Map(forms().map(([form]) => [form, JSON.stringify(contents(form))]));
  language.addEventListener("submit", () => {
    const typed = forms()
      .map(([form, name]) => [name, contents(form), first.get(form)])
      .filter(([, fields, before]) => answer || JSON.stringify(fields) !== before);
    const handed = typed.map(([name, fields]) => [name, fields]);
    sessionStorage.setItem(TYPED, JSON.stringify({ path: pathOf(next.value), at: Date.now(), handed }));
  });
}

/** Nobody loses what is kept nowhere without a warning (confirm.js asks it). */
function askFirst(language, answer) {
  for (const form of document.querySelectorAll("main form[data-unkept]")) {
    const ask = () => (language.dataset.confirm = form.dataset.unkept);
    if (answer) ask();
    else form.addEventListener("input", ask);
  }
}

/** Put back what the page before handed over, if it was meant for this page; it is forgotten either way. */
function takeOver() {
  const kept = JSON.parse(sessionStorage.getItem(TYPED) ?? "null");
  sessionStorage.removeItem(TYPED);
  if (kept?.path !== location.pathname || Date.now() - kept.at > LASTS_MS) return;
  const handed = new Map(kept.handed);
  for (const [form, name] of forms()) if (handed.has(name)) fillIn(form, handed.get(name));
}

/** [form, name] of the page's forms: a form is known by where it leads and how many before it lead there. */
function forms() {
  const seen = {};
  return [...document.querySelectorAll("main form:not([data-draft], [data-unkept])")].map((form) => {
    const action = pathOf(form.getAttribute("action") ?? location.href);
    seen[action] = (seen[action] ?? 0) + 1;
    return [form, `${action} ${seen[action]}`];
  });
}

function pathOf(address) {
  return new URL(address, location.href).pathname;
}
