"""Settings in layers: province, county, township, each with its source and its day (R-NX-42).

A narrower layer holds over a wider one, a later day over an earlier one of the same layer. What
was published before layers were kept stands as a flat map of numbers and counts as the county's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from typing import Final

from casework.deadline import Settings
from casework.errors import FieldProblem
from casework.places import PlaceKind, is_station_code, kind_of_code, township_of
from casework.values import Fields, Value, read_date, read_int, read_list, read_map, read_text

PROVINCE, COUNTY = "province", "county"
LAYERS: Final = "layers"
"""Key of the layers in the published part `settings`; other keys are the flat map."""
_MOST: Final = 1 << 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One value that somebody set.

    Attributes:
        scope: `province`, `county`, or the 12 digits of a township or station.
        source: the clause that it rests on.
        effective_from: first day on which it counts.
        set_by: login of who set it.
        approved_by: login of who approved it; never the same person.
        set_at: when, milliseconds; breaks ties.
    """

    name: str
    scope: str
    value: int
    source: str
    effective_from: date
    set_by: str = ""
    approved_by: str = ""
    set_at: int = 0


@dataclass(frozen=True, slots=True)
class Spec:
    """What a setting is called, and what it may be.

    Attributes:
        unit: `wd` working days, `days`, `percent`, `yes_no`, or another word that is shown.
        least: smallest value.
        most: largest value.
        row: where the rules speak of it; `gap` where they give no number.
    """

    zh: str
    en: str
    unit: str
    row: str
    least: int = 1
    most: int = 60


_days = partial(Spec, unit="wd")

SPECS: Final[Mapping[str, Spec]] = {
    "deficiency_days": _days("容缺补交期限", "time for papers that follow", row="R-HC-28c"),
    "deficiency_grace": _days("等没联上的站点", "grace for silent stations", row="R-HC-28e"),
    "correction_days": _days("补正期限", "time to correct", row="gap"),
    "notice_days": _days("一次告知补正的时限", "duty to give notice", row="R-ZH-22b"),
    "notice_alert_days": _days("没有答复的预警", "alert of silence", row="R-ZH-22b"),
    "handover_forward_wd": _days("村、网点转交乡镇", "village to township", row="R-ZH-25"),
    "handover_hub_wd": _days("乡镇转交县里", "township to county", row="R-ZH-25"),
    "consultation_days": _days("答复咨询", "answer to a question", row="R-ZH-14b"),
    "booking_days": _days("延时服务提前预约", "booking after hours", row="R-ZH-06a"),
    "online_review_days": _days("网上预审", "online review", row="R-ZH-26"),
    "catalogue_tell_days": _days("目录变动报告", "telling of a change of law", row="R-NX-13"),
    "catalogue_days": _days("目录调整", "change of the catalogue", row="R-NX-13"),
    "result_notice_days": _days("通知取件", "notice of the result", row="R-ZH-35"),
    "licence_delivery_days": _days("许可证件送达", "delivery of a licence", row="R-ZH-35"),
    "bad_review_days": _days("差评首次答复", "first answer to a bad review", row="R-ZH-G"),
    "bad_review_close_days": _days("差评办结", "end of a bad review", row="R-ZH-G"),
    "complaint_forward_days": _days("投诉转办", "passing a complaint on", row="gap"),
    "complaint_days": _days("投诉答复", "answer to a complaint", row="gap"),
    "promise_rectify_days": _days("承诺整改期限", "time to rectify", row="R-HC-29d"),
    "duplicate_window_days": Spec(
        "重复申报的间隔", "window of duplicates", unit="days", row="gap", most=366
    ),
    "alert_blue_percent": Spec(
        "提示：用去的时限", "pointed out at", unit="percent", row="R-ZH-S3a", most=100
    ),
    "alert_yellow_percent": Spec(
        "预警：用去的时限", "warned at", unit="percent", row="R-ZH-S3a", most=100
    ),
    "credit_lease_days": Spec(
        "信用名单多久算旧", "lease of the credit list", unit="days", row="R-HC-29e"
    ),
    "credit_bars_deficiency": Spec(
        *("失信的也不能容缺", "bad credit bars 容缺"),
        unit="yes_no",
        row="R-HC-29e",
        least=0,
        most=1,
    ),
}
"""Settings of the case rules: name → what it is. Those of machines stand in `node.policy`."""


def read(document: object) -> tuple[Layer, ...]:
    """Read the layers of a published part `settings`; what is no layer is passed over."""
    listed = read_list(read_map(document).get(LAYERS))
    return tuple(layer for one in listed if (layer := _layer(read_map(one))) is not None)


def _layer(found: Fields) -> Layer | None:
    name, scope = read_text(found.get("name")), read_text(found.get("scope"))
    value, first = read_int(found.get("value")), read_date(found.get("effective_from"))
    if not name or not is_scope(scope or "") or value is None or first is None or value < 0:
        return None
    return Layer(
        name=name,
        scope=scope or "",
        value=min(value, _MOST),
        source=read_text(found.get("source")) or "",
        effective_from=first,
        set_by=read_text(found.get("set_by")) or "",
        approved_by=read_text(found.get("approved_by")) or "",
        set_at=read_int(found.get("set_at")) or 0,
    )


def write(layer: Layer) -> dict[str, Value]:
    """Lay a layer out as it is published."""
    written: dict[str, Value] = {f.name: getattr(layer, f.name) for f in fields(Layer)}
    return written | {"effective_from": layer.effective_from.isoformat()}


def is_scope(text: str) -> bool:
    """Say whether a text names a layer. Does not check that the place exists."""
    return text in {PROVINCE, COUNTY} or is_station_code(text)


def setting(name: str, layers: Iterable[Layer], place: str, day: date) -> Layer | None:
    """Answer the layer that holds at a place on a day; None: the default does.

    Args:
        name: of the setting.
        layers: in any order, repeated or not.
        place: 12 digits; the county's own code for the county.
        day: at that place.
    """
    widths = _scopes(place)
    holding = (
        layer
        for layer in layers
        if layer.name == name and layer.scope in widths and layer.effective_from <= day
    )
    return max(holding, key=lambda one: _weight(one, widths), default=None)


def _scopes(place: str) -> dict[str, int]:
    """Scopes that reach a place, with how narrow each is."""
    found = {PROVINCE: 0, COUNTY: 1}
    if is_station_code(place) and kind_of_code(place) is not PlaceKind.COUNTY:
        found |= {township_of(place): 2}
        found.setdefault(place, 3)
    return found


def _weight(layer: Layer, widths: Mapping[str, int]) -> tuple[int, date, int, int]:
    return widths[layer.scope], layer.effective_from, layer.set_at, layer.value


def values(document: object, names: Iterable[str], place: str, day: date) -> dict[str, int]:
    """Answer what was set of some names at a place on a day; those not named keep their default.

    Args:
        document: the published part `settings`: a flat map, layers, or both.
        names: that are wanted.
        place: 12 digits.
        day: at that place.
    """
    layers = read(document)
    # A flat number that layers speak of as well is there for programs that know no layers.
    layered = {layer.name for layer in layers}
    flat = read_map(document)
    found = {}
    for name in names:
        number = read_int(flat.get(name))
        if name not in layered and number is not None and 0 <= number <= _MOST:
            found[name] = number
        held = setting(name, layers, place, day)
        if held is not None:
            found[name] = held.value
    return found


def flattened(layers: Iterable[Layer], county: str, day: date) -> dict[str, int]:
    """Answer what holds at the county on a day, for programs that know no layers."""
    listed = tuple(layers)
    held = (setting(name, listed, county, day) for name in sorted({one.name for one in listed}))
    return {one.name: one.value for one in held if one is not None}


def deadlines(document: object, place: str, day: date) -> Settings:
    """Answer the settings of the time limits at a place on a day.

    Values outside what `SPECS` allows are passed over: a slip of the pen never gives a citizen
    no time at all.
    """
    names = [field.name for field in fields(Settings)]
    found = values(document, names, place, day)
    return Settings(**{name: value for name, value in found.items() if allows(name, value)})


def allows(name: str, value: int) -> bool:
    """Say whether a setting may have a value; True for one that this table does not know."""
    spec = SPECS.get(name)
    return spec is None or spec.least <= value <= spec.most


def check(layer: Layer, *, instant: frozenset[str] = frozenset()) -> Iterator[FieldProblem]:
    """Answer what is wrong with a layer that somebody wants to set.

    Args:
        layer: as it was given.
        instant: names that count from their publication, whatever day is written: they are of
            machines, and a machine asks for them without a day.
    """
    spec = SPECS.get(layer.name)
    if spec is None and layer.name not in instant:
        zh = "没有这个参数。用 hub setting list 看有哪些。"
        yield FieldProblem("/name", "unknown", zh, "No such setting; see hub setting list.")
    elif spec is not None and not spec.least <= layer.value <= spec.most:
        zh = f"要在{spec.least}到{spec.most}之间。改一个数。"
        yield FieldProblem("/value", "range", zh, f"From {spec.least} to {spec.most}.")
    if not is_scope(layer.scope):
        zh = "范围写 province、county，或者乡镇、站点的12位代码。"
        yield FieldProblem("/scope", "scope", zh, "province, county, or twelve digits.")
    if not layer.source.strip():
        zh = "写明依据哪个文件第几条。"
        yield FieldProblem("/source", "missing", zh, "Name the clause that it rests on.")
