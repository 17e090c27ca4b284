// Warns before a page is left on which a form with data-unsaved was changed; with
// data-unsaved="typed" it holds from the beginning what is not saved.

const forms = [...document.querySelectorAll("form[data-unsaved]")];
let sent = null;

function differs(field) {
  if (field.type === "checkbox" || field.type === "radio") {
    return field.checked !== field.defaultChecked;
  }
  if (field.localName === "select") {
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  }
  const holdsText = field.localName === "input" || field.localName === "textarea";
  return holdsText && field.type !== "hidden" && field.value !== field.defaultValue;
}

const isChanged = (form) => form.dataset.unsaved === "typed" || [...form.elements].some(differs);

document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) sent = event.target;
});

window.addEventListener("beforeunload", (event) => {
  // What is sent is not lost, but what is changed in other forms is.
  if (forms.some((form) => form !== sent && isChanged(form))) event.preventDefault();
  sent = null;
});
