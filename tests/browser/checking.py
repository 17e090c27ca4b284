"""What is held of every page that is shown in a browser."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# https://www.deque.com/axe/core-documentation/api-documentation/#axecore-tags
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
_AXE = Axe()

# What can be clicked and is smaller than 24 by 24, but for links inside of a sentence and what the
# browser itself draws inside of other things (WCAG 2.5.8, "Inline" and "User agent control").
_SMALL = """() => {
  const found = [];
  for (const target of document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]"
  )) {
    if (!target.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(target);
    const around = target.parentElement.textContent.replace(target.textContent, "");
    if (style.display === "inline" && /[\\p{L}\\p{N}]/u.test(around)) continue;
    const { width, height } = target.getBoundingClientRect();
    if (width < 23.99 || height < 23.99) {
      found.push(`${width.toFixed(1)} by ${height.toFixed(1)}: ${target.outerHTML.slice(0, 160)}`);
    }
  }
  return found;
}"""
# What the Tab key is to reach: of radio buttons, the one that is chosen.
_REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
  )].filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.disabled)
    .filter((it) => it.type !== "radio" || it.checked)
    .map((it, place) => { it.dataset.place = place; return it.outerHTML.slice(0, 160); })"""
_FOCUSED = """() => {
  const it = document.activeElement;
  if (it === null || it === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(it);
  const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  return { place: it.dataset.place ?? "", html: it.outerHTML.slice(0, 160), outlined };
}"""
_MOST_TABS = 600


def assert_accessible(page: Page) -> None:
    """Nothing in it violates WCAG 2.2 AA or the best practices, as far as axe can tell.

    Axe waits for ever in a browser whose scripts are off.
    """
    assert page.evaluate("matchMedia('(scripting: enabled)').matches"), "axe needs scripts"
    options = {"runOnly": list(_TAGS), "resultTypes": ["violations"]}
    violations = _AXE.run(page, options=options).response["violations"]
    assert not violations, "\n".join([page.url, *map(_told, violations)])


def assert_large_targets(page: Page) -> None:
    """Everything that can be clicked has 24 pixels in both directions."""
    small = page.evaluate(_SMALL)
    assert not small, "\n".join([f"too small on {page.url}:", *small])


def assert_fits(page: Page) -> None:
    """Nobody has to scroll sideways."""
    root = "document.documentElement"
    content, window = page.evaluate(f"[{root}.scrollWidth, {root}.clientWidth]")
    assert content <= window, f"{page.url} is {content} wide in a window of {window}"


def assert_keys_reach_everything(page: Page) -> None:
    """The Tab key leads to all that can be used, and one always sees where one is."""
    wanted = dict(enumerate(page.evaluate(_REACHABLE)))
    reached, seen = {}, set()
    left = 0
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None:
            # Twice, because it may have begun in the middle: at what the address points to.
            left += 1
            if left == 2:
                break
            continue
        reached[focused["html"]] = focused["place"]
        # A date is left in several steps, of which the browser draws some in its own way.
        if focused["outlined"]:
            seen.add(focused["html"])
    missed = [html for place, html in wanted.items() if str(place) not in reached.values()]
    assert not missed, "\n".join([f"not reached on {page.url}:", *missed])
    unseen = sorted(reached.keys() - seen)
    assert not unseen, "\n".join([f"no focus to be seen on {page.url}:", *unseen])


def _told(violation: dict[str, Any]) -> str:
    lines = [f"{violation['id']}: {violation['help']} ({violation['helpUrl']})"]
    for node in violation["nodes"]:
        reasons = [it["message"] for kind in ("any", "all", "none") for it in node[kind]]
        lines += [f"  {node['html'][:200]}", *(f"    {reason}" for reason in reasons)]
    return "\n".join(lines)
