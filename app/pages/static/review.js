// Keys for the queue: j and k (or the arrows, from within it) go from item to item, "a" approves,
// "r" asks why and then rejects, "e" edits. What is decided is sent without leaving the page.

const queue = () => document.querySelector("#queue");
const told = () => document.querySelector("#told");
const items = () => [...queue().querySelectorAll("[data-item]")];
const current = () => queue()?.querySelector("[data-item][aria-current]");
const isBusy = (item) => item.hasAttribute("aria-busy");
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const keysAreOn = () => document.body.dataset.keys === "on";

// One after the other, in the order in which they were decided.
let sending = Promise.resolve();

function mark(item) {
  current()?.removeAttribute("aria-current");
  item?.setAttribute("aria-current", "true");
}

function go(item) {
  if (!item) return;
  mark(item);
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

// The nearest item in a direction that is not being sent.
function neighbour(item, step) {
  const all = items();
  let place = all.indexOf(item) + step;
  while (all[place] && isBusy(all[place])) place += step;
  return all[place];
}

function tell(words) {
  const notice = document.createElement("div");
  notice.className = "notice good";
  notice.append(...words);
  told().replaceChildren(notice);
}

function equip() {
  for (const key of document.querySelectorAll("kbd[hidden], [data-keys-hint]")) key.hidden = !keysAreOn();
  if (queue() && !current()) mark(items().find((item) => !isBusy(item)));
}

// The whole answer in place of the page, so that nothing of it is hidden.
function show(page) {
  document.title = page.title;
  document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
  equip();
  (document.querySelector("[data-focus]") ?? document.querySelector("main")).focus();
}

// What the answer's list says now of the item that was decided, and what has come behind it.
function update(page, decided) {
  const list = page.querySelector("#queue");
  const found = [...list.querySelectorAll("[data-item]")];
  const item = document.getElementById(decided);
  const again = found.find((it) => it.id === decided);
  const pager = queue().querySelector("nav");
  const newPager = list.querySelector("nav");
  if (item && again) item.replaceWith(document.adoptNode(again));
  else item?.remove();
  for (const it of found) {
    if (!document.getElementById(it.id)) queue().querySelector("ol").append(document.adoptNode(it));
  }
  pager?.remove();
  if (newPager) queue().append(document.adoptNode(newPager));
  if (!items().length) queue().replaceWith(document.adoptNode(list));
  equip();
  // What had the focus is gone.
  if (document.activeElement === document.body) {
    if (current()) go(current());
    else queue().querySelector("[data-nothing]")?.focus();
  }
}

async function decide(form, data, decided) {
  let answer;
  let page;
  try {
    answer = await fetch(form.action, { method: "POST", body: data });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    // There is no answer: the browser says so when it sends the form itself.
    form.submit();
    return;
  }
  if (!answer.ok || !page.querySelector("#queue")) {
    show(page);
    return;
  }
  update(page, decided);
  const notice = page.querySelector("main > .notice[role=status]");
  if (notice) tell(document.adoptNode(notice).childNodes);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-decision]");
  const item = form?.closest("[data-item]");
  if (!item || event.defaultPrevented) return;
  event.preventDefault();
  if (isBusy(item)) return;
  const data = new URLSearchParams(new FormData(form));
  const following = neighbour(item, 1) ?? neighbour(item, -1);
  item.setAttribute("aria-busy", "true");
  told().textContent = told().dataset.sending;
  if (following) go(following);
  sending = sending.then(() => decide(form, data, item.id));
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest("[data-item]");
  if (item && queue()?.contains(item)) mark(item);
});

// Opens the part that asks why, and gives its field the focus: at once, where the event "toggle"
// would come after the next keys.
function ask(details) {
  details.open = true;
  details.querySelector("input[name=reason]").focus();
}

document.addEventListener("click", (event) => {
  const details = event.target.closest("details.reject > summary")?.parentElement;
  if (!details || details.open) return;
  event.preventDefault();
  ask(details);
});

function press(key) {
  const item = current();
  const target = item && !isBusy(item) && item.querySelector(`[data-key="${key}"]`);
  if (!target) return false;
  const details = target.closest("details.reject");
  if (!details) target.click();
  else if (details.open) details.querySelector("form").requestSubmit();
  else ask(details);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!queue() || !keysAreOn() || event.isComposing || event.repeat && "ar".includes(event.key)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    const details = event.target.closest("details.reject[open]");
    if (details) {
      details.open = false;
      go(details.closest("[data-item]"));
    }
    return;
  }
  if (typing(event.target)) return;
  const within = event.target.closest("[data-item]");
  const step = { j: 1, k: -1, ...(within && { ArrowDown: 1, ArrowUp: -1 }) }[event.key];
  if (step) {
    const start = current();
    const isThere = start && start.contains(document.activeElement);
    // The first key goes to the item that is marked, the next ones on from it.
    const item = start && !isThere ? start : neighbour(start, step);
    if (item) event.preventDefault();
    go(item);
  } else if ("are".includes(event.key) && press(event.key)) {
    event.preventDefault();
  }
});

equip();
