// Nothing typed is ever lost: a form that opts in with data-draft="name:user" keeps its text in this browser until a page
// that says "done" arrives. Sensitive forms must not opt in; passwords, files and hidden fields but data-mark are never kept; signing out
// forgets everything.

import { addRow, indexOf, rowIndices } from "./repeat.js";

const PREFIX = "draft:";
const KEPT_DAYS = 7;
const UNKEPT = new Set(["password", "file", "hidden", "submit", "button"]);

export function dress(root) {
  const forms = [...root.querySelectorAll("form[data-draft]:not([data-dressed])")];
  if (root === document.documentElement) {
    forgetOld();
    settleSubmitted();
    for (const form of document.querySelectorAll("[data-forget-drafts]")) {
      form.addEventListener("submit", () => keys().forEach((key) => localStorage.removeItem(key)));
    }
  }
  for (const form of forms) {
    form.dataset.dressed = "";
    keepDraft(form);
  }
}

function keepDraft(form) {
  const key = PREFIX + form.dataset.draft;
  const saved = read(key);
  const first = JSON.stringify(contents(form));
  // What the server shows after a refused form is newer than the draft: it stays.
  if (saved && !form.querySelector("[aria-invalid]") && JSON.stringify(saved.fields) !== first) {
    restore(form, saved);
  }
  let timer;
  let submitted = false;
  const save = () => {
    clearTimeout(timer);
    const fields = contents(form);
    if (JSON.stringify(fields) !== first) write(key, { at: Date.now(), fields, submitted });
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    submitted = false;
    timer = setTimeout(save, 400);
  });
  window.addEventListener("pagehide", save);
  form.addEventListener("submit", () => {
    submitted = true;
    save();
  });
}

/** The fields of a form, also of one whose own field is called "elements" and hides the property. */
function fieldsOf(form) {
  return [...Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "elements").get.call(form)];
}

/** Whether a field is kept: the mark of what the page showed (data-mark) goes with what was typed, other hidden fields do not. */
function isKept(field) {
  if (!field.name || field.dataset.noDraft !== undefined) return false;
  return !UNKEPT.has(field.type) || field.dataset.mark !== undefined;
}

/** {name: [value, …]} of every field that may be kept. */
export function contents(form) {
  const fields = {};
  for (const field of fieldsOf(form)) {
    if (!isKept(field)) continue;
    if ((field.type === "checkbox" || field.type === "radio") && !field.checked) continue;
    const values = field.type === "select-multiple" ? [...field.selectedOptions].map((option) => option.value) : [field.value];
    fields[field.name] = (fields[field.name] ?? []).concat(values);
  }
  return fields;
}

/** Put ``fields``, as ``contents`` gave them, into a form. */
export function fillIn(form, fields) {
  const kept = inPresentRows(form, fields);
  for (const field of fieldsOf(form)) {
    if (!isKept(field)) continue;
    const values = kept[field.name] ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else if (field.name in kept) field.value = values[0];
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function restore(form, saved) {
  fillIn(form, saved.fields);
  const notice = form.querySelector("[data-draft-notice]");
  if (!notice) return;
  notice.hidden = false;
  notice.querySelector("[data-draft-time]").textContent = new Date(saved.at).toLocaleString(document.documentElement.lang, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
    localStorage.removeItem(PREFIX + form.dataset.draft);
    form.reset();
    for (const field of fieldsOf(form)) field.dispatchEvent?.(new Event("change", { bubbles: true }));
    notice.hidden = true;
  });
}

/**
 * The fields of a draft under the names that the present page gives them. Rows of a list are matched by their order, because
 * a row that was removed leaves a gap in the draft's numbers; rows that are missing are added.
 */
function inPresentRows(form, fields) {
  const kept = { ...fields };
  for (const list of form.querySelectorAll("[data-rows]")) {
    const prefix = `${list.dataset.rows}-`;
    const names = Object.keys(fields).filter((name) => name.startsWith(prefix));
    const saved = [...new Set(names.map((name) => indexOf(name, prefix)))].sort((a, b) => a - b).slice(0, 100);
    while (rowIndices(list).length < saved.length) addRow(list);
    const present = rowIndices(list);
    for (const name of names) delete kept[name];
    for (const name of names) {
      const index = indexOf(name, prefix);
      const place = saved.indexOf(index);
      if (place >= 0) kept[`${prefix}${present[place]}${name.slice(`${prefix}${index}`.length)}`] = fields[name];
    }
  }
  return kept;
}

/** A submitted draft is forgotten only by a page that reports success; after an expired session it is still there. */
function settleSubmitted() {
  if (!document.querySelector('[data-message="good"]')) return;
  for (const key of keys()) if (read(key)?.submitted) localStorage.removeItem(key);
}

function forgetOld() {
  const oldest = Date.now() - KEPT_DAYS * 24 * 60 * 60 * 1000;
  for (const key of keys()) if (!(read(key)?.at > oldest)) localStorage.removeItem(key);
}

function keys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Storage is full or forbidden: the form works as any other.
  }
}
