// Buttons and links that put a text into a field: data-fill is the field's id, data-text the text.

for (const button of document.querySelectorAll("[data-fill]")) {
  const field = document.getElementById(button.dataset.fill);
  if (!field) continue;
  button.hidden = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    field.value = button.dataset.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}
