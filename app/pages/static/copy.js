// Buttons that copy what stands before them; without this script it is selected by hand.

let number = 0;

for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const part = button.parentElement;
  const title = part.querySelector("h3");
  title.id ||= `copied-${(number += 1)}`;
  button.setAttribute("aria-describedby", title.id);
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  told.className = "small quiet";
  const row = document.createElement("div");
  row.className = "row";
  button.replaceWith(row);
  row.append(button, told);
  button.hidden = false;

  button.addEventListener("click", async () => {
    const code = part.querySelector("code");
    told.textContent = "";
    try {
      await navigator.clipboard.writeText(code.textContent);
      told.textContent = button.dataset.done;
    } catch {
      // Not permitted: it is selected, so that the keyboard copies it.
      getSelection().selectAllChildren(code);
    }
  });
}
