"""How long something takes by the page's own clock: an assertion that is tried again and again sees it late."""

from collections.abc import Callable

from playwright.sync_api import Page

_WATCH = """selector => {
  window.shown = new Promise(resolve => {
    let began;
    addEventListener('click', () => { began = performance.now(); }, {capture: true, once: true});
    new MutationObserver((_, observer) => {
      if (began === undefined || !document.querySelector(selector)) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
    }).observe(document, {childList: true, subtree: true});
  });
}"""


def seconds_until_shown(page: Page, selector: str, act: Callable[[], None]) -> float:
    """Seconds from the first click of `act` until the frame in which something that matches a selector is painted."""
    page.evaluate(_WATCH, selector)
    act()
    milliseconds: float = page.evaluate("window.shown")
    return milliseconds / 1000
