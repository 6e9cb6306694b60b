// A table wider than its frame scrolls; then the frame can be reached by keyboard, and has the table's name.

const frames = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));

function mark(frame) {
  if (frame.scrollWidth > frame.clientWidth) {
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", frame.querySelector("caption")?.textContent.trim() || document.title);
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
  }
}

/** Watch every frame below `root` that does not say itself that it scrolls. */
export function dress(root) {
  for (const frame of root.querySelectorAll(".table-wrap:not([tabindex])")) frames.observe(frame);
}
