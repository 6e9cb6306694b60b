// A slider beside a number field: moving one moves the other. The number field is what the form sends.

export function dress(root) {
  for (const slider of root.querySelectorAll("[data-slider]:not([data-dressed])")) {
    const field = document.getElementById(slider.dataset.slider);
    if (!field) continue;
    slider.dataset.dressed = "";
    slider.addEventListener("input", () => {
      field.value = slider.value;
    });
    field.addEventListener("input", () => {
      slider.value = field.value;
    });
  }
}
