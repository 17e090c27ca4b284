// Keys for all pages: "/" goes to the search, "?" shows all keys, Ctrl+Enter sends a form.
// Single keys can be switched off (WCAG 2.1.4); what is in error gets the focus.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

let underWay = false;

async function showHelp() {
  if (underWay) return;
  underWay = true;
  try {
    const answer = await fetch(document.body.dataset.help);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-labelledby", "help-title");
    dialog.append(...page.querySelectorAll("#help"));
    const close = document.createElement("button");
    close.textContent = document.body.dataset.close;
    close.addEventListener("click", () => dialog.close());
    dialog.append(close);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  } finally {
    underWay = false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  const alone = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!alone || document.body.dataset.keys !== "on" || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "/") {
    const search = document.querySelector("input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else {
      // The link to a field gives it the focus.
      event.preventDefault();
      location.assign(`${document.querySelector(".brand").href}#search`);
    }
  } else if (event.key === "?") {
    event.preventDefault();
    showHelp();
  }
});

document.querySelector("[data-focus]")?.focus();
