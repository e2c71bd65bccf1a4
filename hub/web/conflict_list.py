"""The queue of differences, as tabs with filters (`conflicts.html`)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from flask import url_for

from casework.merging import is_deciding
from hub.usecases import conflicts
from hub.usecases.projections import CheckState
from hub.web import checks
from hub.web.checks import Matter
from hub.web.context import Desk, desk, node
from ui.filters import local
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import ConflictRow, ConflictsPage, Facet, FacetOption, Pager, QueueTab

_ROWS: Final = 50
_FILTERS: Final = ("tab", "kind", "field", "station")
_TABS: Final = ((CheckState.OPEN, marked("等人核对")), (CheckState.RESOLVED, marked("已经核对")))
Args = Mapping[str, str]
_Keys = Callable[[Matter], Iterable[str]]
_FACETS: Final[tuple[tuple[str, str, _Keys], ...]] = (
    ("kind", marked("哪一类"), lambda m: (m.check.kind.value,)),
    ("field", marked("哪一项"), lambda m: m.check.fields),
    ("station", marked("哪个站写的"), lambda m: m.stations),
)


def build(args: Args, *, done_note: str = "", undo_url: str = "") -> ConflictsPage:
    """Lay out the queue."""
    around = desk(node())
    both = conflicts.list_conflicts(node(), open_only=False)
    state = tab_of(args)
    there = checks.matters(node(), [c for c in both if c.state is state])
    wanted = list(_wanted(there, args))
    shown = _after(wanted, args.get("after", ""))
    return ConflictsPage(
        tuple(_tab(one, label, both, state) for one, label in _TABS),
        tuple(row(matter, around) for matter in shown[:_ROWS]),
        around.now,
        facets=tuple(_facets(there, args, around)),
        pager=_pager(shown, args),
        done_note=done_note,
        undo_url=undo_url,
    )


def tab_of(args: Args) -> CheckState:
    """Which tab is asked for."""
    asked = args.get("tab", "")
    return CheckState(asked) if asked in set(CheckState) else CheckState.OPEN


def every(args: Args) -> Iterator[Matter]:
    """All rows of a tab, filtered; for the CSV twin."""
    found = conflicts.list_conflicts(node(), open_only=False)
    state = tab_of(args)
    yield from _wanted(checks.matters(node(), [c for c in found if c.state is state]), args)


def _wanted(there: Sequence[Matter], args: Args) -> Iterator[Matter]:
    asked = [(keys, args[name]) for name, _label, keys in _FACETS if args.get(name)]
    for matter in there:
        if all(value in keys(matter) for keys, value in asked):
            yield matter


def _after(wanted: Sequence[Matter], last: str) -> Sequence[Matter]:
    ids = [matter.check.id for matter in wanted]
    return wanted[ids.index(last) + 1 :] if last in ids else wanted


def _tab(
    state: CheckState, label: str, both: Sequence[conflicts.Conflict], current: CheckState
) -> QueueTab:
    count = sum(check.state is state for check in both)
    tab = None if state is CheckState.OPEN else state.value
    return QueueTab(_(label), url_for("conflicts.index", tab=tab), count, state is current)


def row(matter: Matter, around: Desk) -> ConflictRow:
    """One difference of the queue."""
    check = matter.check
    return ConflictRow(
        check.id,
        checks.rule(check),
        checks.item_name(matter),
        matter.first.name,
        matter.labels,
        tuple(map(around.known.place, matter.stations)),
        check.opened_at,
        url_for("conflicts.show", check=check.id),
        deadline=matter.first.due,
        effect=check.second_person or any(map(is_deciding, check.fields)),
    )


def _facets(there: Sequence[Matter], args: Args, around: Desk) -> Iterator[Facet]:
    for name, title, keys in _FACETS:
        counts = Counter(key for matter in there for key in keys(matter))
        if len(counts) > 1 or args.get(name):
            options = tuple(_option(name, key, counts, args, around) for key in sorted(counts))
            yield Facet(_(title), options)


def _option(
    name: str, key: str, counts: Mapping[str, int], args: Args, around: Desk
) -> FacetOption:
    chosen = args.get(name, "") == key
    url = _address(args, {name: None if chosen else key})
    return FacetOption(_label(name, key, around), counts[key], url, selected=chosen)


def _label(name: str, key: str, around: Desk) -> str:
    if name == "kind":
        return _(checks.KINDS[conflicts.Kind(key)])
    return around.known.place(key) if name == "station" else checks.field_label(key, None)


def _address(args: Args, changed: Mapping[str, str | None], endpoint: str = "index") -> str:
    kept: dict[str, str | None] = {name: args.get(name) or None for name in _FILTERS}
    address: Callable[..., str] = url_for
    return address(f"conflicts.{endpoint}", **(kept | dict(changed)))


def _pager(shown: Sequence[Matter], args: Args) -> Pager:
    more = len(shown) > _ROWS
    return Pager(
        previous_url=_address(args, {}) if args.get("after") else "",
        next_url=_address(args, {"after": shown[_ROWS - 1].check.id}) if more else "",
        csv_url=_address(args, {}, "table") if shown else "",
    )


CSV_HEADER: Final = (
    *("id", "rule", "kind", "state", "cases", "item", "name", "fields", "stations"),
    *("opened_at", "due"),
)


def csv_row(matter: Matter) -> tuple[str, ...]:
    """One difference as a row for a spreadsheet; values in question are left out."""
    check = matter.check
    return (
        *(check.id, check.rule, check.kind.value, check.state.value, " ".join(check.cases)),
        *(matter.first.item, matter.first.name, " ".join(check.fields), " ".join(matter.stations)),
        *(local(check.opened_at).isoformat(timespec="seconds"), matter.first.due),
    )
