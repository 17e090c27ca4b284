// Finds as one types: asks for the page of results, and takes from it what was found.
// Arrow keys lead from the box into what is found, and back.

const PAUSE = 150; // milliseconds without a key

const form = document.querySelector("form[data-search]");
const box = form.querySelector("input[type=search]");
const told = document.querySelector("#found");
const isResultsPage = location.pathname === new URL(form.action).pathname;

let waiting;
let asking;
let shown = box.value.trim();

const results = () => document.querySelector("#results");

function tell(words) {
  told.textContent = words;
  told.classList.add("hidden-label");
}

function clear() {
  results().replaceChildren();
  results().hidden = true;
  tell("");
}

function fail() {
  clear();
  // Asked for again by the next key.
  shown = null;
  tell(told.dataset.failed);
  told.classList.remove("hidden-label");
}

async function find() {
  const query = box.value.trim();
  if (query === shown) return;
  asking?.abort();
  shown = query;
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  if (isResultsPage) history.replaceState(history.state, "", query ? address : form.action);
  if (!query) {
    clear();
    return;
  }
  const mine = new AbortController();
  asking = mine;
  try {
    const answer = await fetch(address, { signal: mine.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("#results");
    if (mine.signal.aborted) return;
    if (!answer.ok || !found) {
      fail();
      return;
    }
    results().replaceWith(found);
    tell(found.querySelector("[data-count]")?.textContent.trim() ?? "");
    if (isResultsPage) document.title = page.title;
  } catch {
    if (!mine.signal.aborted) fail();
  }
}

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, PAUSE);
});

// What was typed before this script ran, or is there again after coming back.
if (box.value.trim() && !results().children.length) {
  shown = null;
  find();
}

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const links = [...results().querySelectorAll("a.result")];
  const place = links.indexOf(document.activeElement);
  if (place < 0 && (document.activeElement !== box || step < 0)) return;
  const next = place + step < 0 ? box : links[place + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
