"""What rules refuse goes through the catalogues whole, though they know nothing of pages.

As `tests.test_languages_whole`, in the language of `tests.pseudo`.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app import languages
from app.clocks.course import CannotHappen, What
from tests import pseudo
from tests.unit.clocks.cast import Story, terms


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Iterator[None]:
    pseudo.teach(monkeypatch)
    with app.app_context(), languages.speaking(pseudo.TAG):
        yield


REFUSED: dict[str, Callable[[Story], object]] = {
    "opened twice": lambda it: it.tell(What.OPENED),
    "acknowledged when closed": lambda it: closed(it).tell(What.ACKNOWLEDGED),
    "answered when closed": lambda it: closed(it).responded(),
    "set to a status when closed": lambda it: closed(it).tell(What.STATUS, status="on_hold"),
    "set to no status": lambda it: it.tell(What.STATUS, status="4"),
    "resolved without an answer": lambda it: it.resolved(silent=True),
    "resolved twice": lambda it: it.resolved().resolved(),
    "closed before it is solved": lambda it: it.waits().tell(What.CLOSED),
    "withdrawn when closed": lambda it: closed(it).tell(What.WITHDRAWN),
    "spam when closed": lambda it: closed(it).tell(What.SPAM),
    "no spam": lambda it: it.waits().tell(What.UNSPAM),
    "reopened when open": lambda it: it.waits().tell(What.REOPENED),
    "needs no answer": lambda it: it.tell(What.NEEDS_NO_ANSWER),
    "nothing to take back": lambda it: it.tell(What.TAKEN_BACK, undoes="4"),
}


def closed(story: Story) -> Story:
    story.resolved().tell(What.CLOSED)
    return story


@pytest.mark.parametrize("what", REFUSED)
def test_no_rule_of_clocks_refuses_in_english(what: str):
    with pytest.raises(CannotHappen) as refused:
        REFUSED[what](Story().on("Mon 10:00"))

    assert pseudo.english(str(refused.value), known=()) == []


def test_that_solved_means_solved_is_no_english():
    story = Story(terms(reopen_rule="final")).on("Mon 10:00").resolved()

    with pytest.raises(CannotHappen) as refused:
        story.tell(What.REOPENED)

    assert pseudo.english(str(refused.value), known=()) == []
