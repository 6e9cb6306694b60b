// Adds and removes the rows of a list of fields without a round trip (macros/forms.html: repeat_rows).
// The server reads the rows by their index and does not mind gaps, so nothing is ever renamed but a new row.

/** Attributes that carry a row's index, as in targets-3-name. */
const INDEXED = ["id", "name", "for", "aria-describedby", "data-money"];

export function dress(root) {
  for (const list of root.querySelectorAll("[data-rows]:not([data-dressed])")) {
    list.dataset.dressed = "";
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.matches("[data-add-row]")) {
        event.preventDefault();
        addRow(list);
      } else if (button.matches("[data-remove-row]")) {
        event.preventDefault();
        removeRow(list, button.closest("[data-row]"));
      }
    });
  }
}

function rowsOf(list) {
  return [...list.querySelectorAll(":scope > [data-rows-body] > [data-row]")];
}

/** Append an empty row to a list of rows (also used to make room for a draft). */
export function addRow(list) {
  const rows = rowsOf(list);
  const prefix = `${list.dataset.rows}-`;
  const used = rowIndices(list);
  const old = `${prefix}${used.at(-1)}`;
  const next = `${prefix}${Math.max(...used) + 1}`;
  const row = rows.at(-1).cloneNode(true);
  for (const element of row.querySelectorAll("*")) {
    delete element.dataset.dressed;
    for (const name of INDEXED) {
      const value = element.getAttribute(name);
      if (value?.includes(old)) element.setAttribute(name, renamed(value, old, next));
    }
    if (element.matches("[data-remove-row]")) element.value = next;
  }
  clear(row);
  list.querySelector("[data-rows-body]").append(row);
  number(list);
  document.dispatchEvent(new CustomEvent("row:added", { detail: { elt: row } })); // start.js dresses what is inside
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

/** The index of each row of a list, in their order on the page. */
export function rowIndices(list) {
  const prefix = `${list.dataset.rows}-`;
  return rowsOf(list).map((row) => {
    const field = [...row.querySelectorAll("[name]")].find((element) => element.name.startsWith(prefix));
    return indexOf(field.name, prefix);
  });
}

/** 3 of targets-3-name. */
export function indexOf(name, prefix) {
  return Number.parseInt(name.slice(prefix.length), 10);
}

/** `old` is a whole index: targets-1 does not match inside targets-12. */
function renamed(value, old, next) {
  return value
    .split(" ")
    .map((word) => (word === old || word.startsWith(`${old}-`) ? next + word.slice(old.length) : word))
    .join(" ");
}

/** A row is emptied, never left over from its neighbour: values, choices, errors and echoes go. */
function clear(row) {
  for (const field of row.querySelectorAll("input, select, textarea")) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = false;
    else if (field.tagName === "SELECT") field.selectedIndex = 0;
    else field.value = "";
    field.removeAttribute("aria-invalid");
  }
  for (const error of row.querySelectorAll(".field-error")) error.remove();
  for (const field of row.querySelectorAll(".field--wrong")) field.classList.remove("field--wrong");
  for (const output of row.querySelectorAll("output")) output.textContent = "";
}

function removeRow(list, row) {
  const rows = rowsOf(list);
  if (rows.length === 1) {
    clear(row); // the last row stays, empty: it is the pattern of the next
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  } else {
    const neighbour = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
    row.remove();
    number(list);
    neighbour.querySelector("[data-remove-row]").focus();
  }
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

function number(list) {
  rowsOf(list).forEach((row, index) => {
    const title = `${list.dataset.rowTitle} ${index + 1}`;
    row.setAttribute("aria-label", title);
    for (const place of row.querySelectorAll("[data-row-number]")) place.textContent = ` ${title}`;
  });
}
