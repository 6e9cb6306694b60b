// Sorts and filters a small table in the page: a click on a heading sorts, the field above keeps the rows that hold a text.
// Large lists are sorted and filtered by the server; without scripts the table is simply as it came.

const MANY = 8;

export function dress(root) {
  for (const place of root.querySelectorAll("[data-sortable]:not([data-dressed])")) {
    const table = place.querySelector("table");
    if (!table?.tBodies.length) continue;
    place.dataset.dressed = "";
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 2) continue;
    for (const heading of table.tHead.querySelectorAll("th")) makeSortable(heading, table);
    if (rows.length >= MANY) addFilter(place, table);
  }
}

function makeSortable(heading, table) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "table-sort";
  button.append(...heading.childNodes);
  heading.append(button);
  button.addEventListener("click", () => {
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const column = heading.cellIndex;
    const body = table.tBodies[0];
    const sorted = [...body.rows].sort((a, b) => compare(textOf(a, column), textOf(b, column)) * (down ? -1 : 1));
    body.append(...sorted);
  });
}

function textOf(row, column) {
  return row.cells[column]?.textContent.trim() ?? "";
}

/** Numbers by size, whatever stands around them (¥1,200, +3, −45); anything else by the reader's alphabet. */
function compare(a, b) {
  const [left, right] = [numberIn(a), numberIn(b)];
  if (left !== null && right !== null) return left - right;
  return a.localeCompare(b, document.documentElement.lang);
}

function numberIn(text) {
  const found = text.replace(/[,\s¥±]/g, "").replace("−", "-").match(/^[+-]?\d+(\.\d+)?/);
  return found ? Number(found[0]) : null;
}

function addFilter(place, table) {
  const field = document.createElement("input");
  field.type = "search";
  field.className = "input input--filter";
  field.setAttribute("aria-label", `${document.documentElement.lang.startsWith("zh") ? "筛选" : "Filter"}: ${table.caption?.textContent ?? ""}`);
  field.placeholder = document.documentElement.lang.startsWith("zh") ? "筛选…" : "Filter…";
  field.addEventListener("input", () => {
    const wanted = field.value.toLocaleLowerCase();
    for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
  });
  place.prepend(field);
}
