"""Received here, handled there: who answers for what (异地代收代办, R-GX-04b, R-HC-26).

A station may take papers in for another township of its county, or for another county. It then
only receives; the handling place accepts, reviews and decides in its own right and mode, and the
clock starts there. The table says for every step who does it, so that nobody sends the applicant
from one place to the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from casework.catalogue import CatalogueItem, mode_at
from casework.desk import IntakeContext
from casework.errors import FieldProblem
from casework.intake_reading import IntakeForm
from casework.places import (
    Mode,
    Place,
    PlaceKind,
    county_of,
    is_station_code,
    kind_of_code,
    township_of,
)
from casework.spoken import Text
from casework.wording import problem

_HANDLES: Final = (PlaceKind.TOWNSHIP, PlaceKind.COUNTY)


@dataclass(frozen=True, slots=True)
class Duty:
    """One step of a case that two places share: what each of them answers for; empty: nothing."""

    step: Text
    receiving: Text
    handling: Text


NOTHING: Final = Text("", "")

DUTIES: Final = (
    Duty(
        Text("咨询和一次性告知", "Advice, and one complete notice"),
        Text("按办理地的办事指南说清楚", "by the guide of the handling place"),
        Text("指南有变动马上公布", "publishes changes of the guide at once"),
    ),
    Duty(
        Text("收件", "Receipt of papers"),
        Text("核对身份和原件,出收件凭证", "checks identity and originals, gives the receipt"),
        NOTHING,
    ),
    Duty(
        Text("转交", "Passing on"),
        Text("当天把材料传过去,原件封袋登记", "sends the papers the same day, originals in a bag"),
        Text("清点签收", "counts and signs for them"),
    ),
    Duty(
        Text("受理", "Acceptance"),
        NOTHING,
        Text("受理从这里起算时限", "accepts; the limit is counted from there"),
    ),
    Duty(
        Text("补正", "Corrections"),
        Text("通知申请人,收补交的材料", "tells the applicant, takes what is brought"),
        Text("一次说全要补什么", "says once and completely what lacks"),
    ),
    Duty(
        Text("审查和决定", "Review and decision"),
        NOTHING,
        Text("审查、决定、答复,对决定负责", "reviews, decides and answers for the decision"),
    ),
    Duty(
        Text("进度", "Progress"),
        Text("申请人来问就答", "answers the applicant"),
        Text("每一步随时传回", "sends every step back"),
    ),
    Duty(
        Text("送达", "Delivery"),
        Text("通知领取,核对身份,登记签收", "calls the applicant, checks identity, has it signed"),
        Text("结果转到收件地或邮寄", "sends the result to the receiving place, or by mail"),
    ),
)
"""Every step that two places share, in the order of a case. One table for pages and commands."""


def is_shared(station: str, handling: str) -> bool:
    """Say whether two places share a case: handled neither where it was received nor above that.

    >>> is_shared("411526101201", "411526102000"), is_shared("411526101201", "411526101000")
    (True, False)
    """
    above = {station, township_of(station), county_of(station)} if station else set()
    return bool(station and handling) and handling not in above


def leaves_county(station: str, handling: str) -> bool:
    """Say whether a case is handled by another county: the exchange files carry it there."""
    return bool(station and handling) and county_of(station) != county_of(handling)


def placed(form: IntakeForm, ctx: IntakeContext) -> IntakeContext:
    """Answer the situation of an intake: who receives for another place only receives."""
    if ctx.mode is None or form.handling in {"", ctx.place.code}:
        return ctx
    return replace(ctx, mode=Mode.PROXY)


def handling_of(form: IntakeForm, ctx: IntakeContext) -> str:
    """Answer the code of the place that handles a case: the one named, else here or above."""
    own = ctx.mode is not Mode.PROXY or not ctx.place.parent
    return form.handling or (ctx.place.code if own else ctx.place.parent)


def check(form: IntakeForm, item: CatalogueItem, place: Place) -> Iterable[FieldProblem]:
    """Name why a case cannot be received for the place that is named.

    Does not check that there is such a place: only who has the list of divisions can.
    """
    if form.handling == place.code or not is_station_code(form.handling):
        return
    kind = kind_of_code(form.handling)
    known = kind is PlaceKind.COUNTY or leaves_county(place.code, form.handling)
    if kind not in _HANDLES:
        yield problem("/handling", "handles", en=form.handling)
    elif not known and not mode_at(item, kind, code=form.handling):
        yield problem("/handling", "not_handled", zh=item.name, en=item.name_en)
