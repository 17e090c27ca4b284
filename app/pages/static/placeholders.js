// Holds the placeholders of a text against those of its source while it is typed. The catalog does
// so again when it is saved.

const PLACEHOLDER = /\{[A-Za-z0-9_.]{1,64}\}/g;

const placeholders = (text) => new Set(text.match(PLACEHOLDER));
const without = (some, others) => [...some].filter((it) => !others.has(it)).sort();

for (const told of document.querySelectorAll("[data-check]")) {
  const field = document.getElementById(told.dataset.check);
  const source = placeholders(told.dataset.source);
  const tell = () => {
    const here = placeholders(field.value);
    const words = [];
    // A text that is not there has no placeholders to compare.
    if (field.value.trim()) {
      const missing = without(source, here);
      const extra = without(here, source);
      if (missing.length) words.push(told.dataset.missing.replace("%s", () => missing.join(", ")));
      if (extra.length) words.push(told.dataset.extra.replace("%s", () => extra.join(", ")));
    }
    const said = words.join(" · ");
    // Only what is new is read out.
    if (told.textContent !== said) told.textContent = said;
  };
  field.addEventListener("input", tell);
  tell();
}
