// A day that the browser cannot read (half of one, the 30th of February) would be sent as none at all, and a limit be lost
// unseen: forms check themselves on the server (novalidate), which cannot know of it. So the browser's own message comes first.

let dressed = false;

export function dress() {
  if (dressed) return;
  dressed = true;
  document.addEventListener("submit", hold, true);
}

function hold(event) {
  // Not the form's own list of fields: a field called "elements" (of a claim, say) stands in that list's place.
  const unread = [...event.target.querySelectorAll("input")].find((field) => field.validity.badInput);
  if (!unread) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  unread.reportValidity();
}
