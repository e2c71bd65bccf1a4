"""The four pages of an intake as a bar: which are done, where one is, which can be opened."""

from collections.abc import Callable
from typing import Final

from flask import url_for

from ui.i18n import gettext, marked
from ui.pages import Step, StepState

ITEM: Final = "item"
_PAGES: Final = (
    (ITEM, marked("事项")),
    ("person", marked("人")),
    ("materials", marked("材料")),
    ("check", marked("核对")),
)
_ORDER: Final = tuple(name for name, _label in _PAGES)


def label(step: str) -> str:
    """What a page of the intake is called."""
    return gettext(dict(_PAGES).get(step, marked("人")))


def bar(current: str, code: str, draft: str, *, reached: str = "") -> tuple[Step, ...]:
    """The bar of one intake.

    Args:
        current: the page that is shown.
        code: of the item.
        draft: empty before the intake has begun.
        reached: the page to which the draft had come.
    """
    here = _ORDER.index(current)
    far = max(here, _ORDER.index(reached) if reached in _ORDER else here)
    return tuple(
        Step(gettext(words), _url(name, code, draft) if at <= far else "", _state(at, here, far))
        for at, (name, words) in enumerate(_PAGES)
    )


def _state(at: int, here: int, far: int) -> StepState:
    if at == here:
        return StepState.CURRENT
    return StepState.DONE if at <= far else StepState.AHEAD


def _url(name: str, code: str, draft: str) -> str:
    if name == ITEM:
        return url_for("intake.item", code=code, draft=draft or None)
    return page_url(name, draft) if draft else ""


def page_url(step: str, draft: str) -> str:
    """Address of a page of a draft."""
    show: Callable[..., str] = url_for
    return show(f"intake.{step}", draft=draft)
