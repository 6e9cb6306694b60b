// Asks before a step that cannot be taken back. data-confirm="question" stands on a form or on one of its submit buttons.
// The answer's button repeats the verb that was pressed, so nobody has to guess what "OK" would do.

let dressed = false;

export function dress() {
  if (dressed) return;
  dressed = true;
  document.addEventListener("submit", ask, true);
}

function ask(event) {
  const form = event.target;
  const button = event.submitter;
  const question = button?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.dataset.confirmed !== undefined) {
    delete form.dataset.confirmed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const dialog = document.getElementById("confirm");
  const yes = dialog.querySelector("[data-confirm-yes]");
  dialog.querySelector("h2").textContent = question;
  yes.textContent = button?.textContent.trim() || yes.textContent;
  yes.className = button?.classList.contains("button--danger") ? "button button--danger" : "button button--primary";
  dialog.returnValue = "cancel";
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue !== "confirm") return;
      form.dataset.confirmed = "";
      form.requestSubmit(button);
    },
    { once: true },
  );
  dialog.showModal();
}
