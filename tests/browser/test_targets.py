"""What is touched is large enough: 44 px for what is pressed, and links apart from one another.

look.md, "Space and shape"; a link of words may be smaller where WCAG 2.5.8 lets it: a circle of
24 px around its middle meets no other target. A link within a sentence is as high as its line.
"""

import pytest

from tests.browser.conftest import Visits
from tests.browser.test_main_path import JENS, SIGRID, ask
from tests.browser.visiting import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "reduced_motion": "reduce",
}
PORTAL = ("/portal", "/portal/new/vpn", "/portal/requests")
DESK = ("/desk/views/all-open", "/desk/tickets/new", "/desk/search")
TOO_SMALL = """() => {
  const TOUCH = 44, CIRCLE = 24
  const every = "a[href], button, summary, select, textarea, input:not([type=hidden])"
  const union = (boxes) => boxes.reduce((one, other) => new DOMRect(
    Math.min(one.left, other.left), Math.min(one.top, other.top),
    Math.max(one.right, other.right) - Math.min(one.left, other.left),
    Math.max(one.bottom, other.bottom) - Math.min(one.top, other.top)))
  // What a finger may touch: the element, its label, and the box that its ::after covers.
  const place = (one) => {
    const boxes = [one.getBoundingClientRect()]
    for (const label of one.labels ?? [])
      if (label.checkVisibility()) boxes.push(label.getBoundingClientRect())
    const after = getComputedStyle(one, "::after")
    if (after.content !== "none" && after.position === "absolute" && after.inset !== "auto") {
      let around = one
      while (getComputedStyle(around).position === "static") around = around.parentElement
      const box = around.getBoundingClientRect()
      const [top, right] = [after.top, after.right].map(parseFloat)
      const [bottom, left] = [after.bottom, after.left].map(parseFloat)
      boxes.push(new DOMRect(box.left + left, box.top + top,
        box.width - left - right, box.height - top - bottom))
    }
    return union(boxes)
  }
  const isInSentence = (one) => {
    if (!one.matches("a") || getComputedStyle(one).display !== "inline") return false
    const around = one.closest("p, li, small, cite, h1")
    return Boolean(around) && around.innerText.trim() !== one.innerText.trim()
  }
  const shown = [...document.querySelectorAll(every)].filter((one) =>
    one.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !one.closest(".visually-hidden, .skip"))
  const targets = shown.map((one) => ({ one, box: place(one) })).filter(({ box }) => box.width > 1)
  const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2]
  const apart = ([x, y], box) => Math.hypot(
    Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom))
  const isSpaced = (it) => targets.every((other) => {
    if (other.one.contains(it.one) || it.one.contains(other.one)) return true
    const [x, y] = middle(it.box), [s, t] = middle(other.box)
    const isSmall = other.box.width < CIRCLE || other.box.height < CIRCLE
    return apart([x, y], other.box) >= CIRCLE / 2
      && !(isSmall && Math.hypot(x - s, y - t) < CIRCLE)
  })
  return targets.filter((it) => {
    if (it.box.width >= TOUCH - 0.5 && it.box.height >= TOUCH - 0.5) return false
    if (!it.one.matches("a")) return true
    return !isInSentence(it.one) && !isSpaced(it)
  }).map(({ one, box }) =>
    `${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 140)}`)
}"""


def too_small(visitor: Visitor, path: str) -> list[str]:
    """The targets of a page that a finger would miss."""
    visitor.go(path)
    assert visitor.page.evaluate("matchMedia('(pointer: coarse)').matches")
    return [f"{path}: {each}" for each in visitor.page.evaluate(TOO_SMALL)]


def test_a_finger_meets_what_it_aims_at(visit: Visits):
    door, sigrid, jens = visit(**PHONE), visit(SIGRID, **PHONE), visit(JENS, **PHONE)
    number = ask(sigrid.page, "VPN down in Oslo")
    theirs = (*PORTAL, f"/portal/requests/{number}", "/account")
    ours = (*DESK, f"/desk/tickets/{number}", "/account")

    found = [fault for path in ("/sign-in", "/join") for fault in too_small(door, path)]
    found += [fault for path in theirs for fault in too_small(sigrid, path)]
    found += [fault for path in ours for fault in too_small(jens, path)]
    assert found == []


def test_what_is_too_small_or_too_near_is_found(visit: Visits):
    door = visit(**PHONE)
    door.go("/sign-in")
    door.page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend",
          "<button>x</button><div><a href='#a'>a</a> <a href='#b'>b</a></div>")"""
    )

    said = door.page.evaluate(TOO_SMALL)
    assert len(said) == 3 and "<button>" in said[0] and 'href="#a"' in said[1]
