"""The queue of differences, as tabs with filters (`conflicts.html`)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from flask import url_for

from casework.merging import is_deciding
from hub.usecases import queue
from hub.usecases.queue import Page, Tab, Wanted
from hub.web import checks
from hub.web.checks import Matter
from hub.web.context import Desk, desk, node
from node import quarantining
from ui.filters import local
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import ConflictRow, ConflictsPage, Facet, FacetOption, Option, Pager, QueueTab

_ROWS: Final = 50
_TABS: Final = (
    (Tab.HARD, marked("必须人工")),
    (Tab.SOFT, marked("可批量")),
    (Tab.RESOLVED, marked("已经核对")),
)
Args = Mapping[str, str]
_TITLES: Final[Mapping[str, str]] = {
    "rule": marked("哪一类"),
    "field": marked("哪一项"),
    "station": marked("哪个站写的"),
    "item": marked("哪个事项"),
}


def build(args: Args, *, done_note: str = "", undo_url: str = "") -> ConflictsPage:
    """Lay out the queue; filters, counts and pages are the database's."""
    around, wanted = desk(node()), wanted_of(args)
    found = queue.page(node(), wanted, after=args.get("after", ""), limit=_ROWS)
    return ConflictsPage(
        (*_tabs(wanted.tab), _aside()),
        tuple(row(matter, around) for matter in checks.matters(node(), found.checks)),
        around.now,
        facets=tuple(_facets(wanted, args, around)),
        pager=_pager(found, args),
        done_note=done_note,
        undo_url=undo_url,
        bulk=_bulk(wanted, found),
        bulk_action=url_for("bulk.preview"),
        calls_url=url_for("calls.index"),
    )


def wanted_of(args: Args) -> Wanted:
    """Which tab and which filters are asked for."""
    asked = args.get("tab", "")
    tab = Tab(asked) if asked in set(Tab) else Tab.HARD
    return Wanted(tab, {name: args[name] for name in queue.FACETS if args.get(name)})


def every(args: Args) -> Iterator[Matter]:
    """All rows of a tab, filtered; for the CSV twin."""
    yield from checks.matters(node(), queue.every(node(), wanted_of(args)))


def _bulk(wanted: Wanted, found: Page) -> tuple[Option, ...]:
    """The answers that fit all rows of the page; none unless one rule is chosen."""
    rules = {check.rule for check in found.checks}
    if wanted.tab is not Tab.SOFT or len(rules) != 1:
        return ()
    return tuple(checks.answer_options(min(rules)))


def _tabs(current: Tab) -> Iterator[QueueTab]:
    counts = queue.counts(node())
    for tab, label in _TABS:
        asked = None if tab is Tab.HARD else tab.value
        yield QueueTab(_(label), url_for("conflicts.index", tab=asked), counts[tab], tab is current)


def _aside() -> QueueTab:
    """What waits for something before it stands on a page of its own."""
    count = len(quarantining.list_items(node()))
    return QueueTab(_("被搁置"), url_for("stations.quarantine"), count)


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
        version=check.version,
        proposed=around.known.actor(check.proposed.by, around.known.own) if check.proposed else "",
    )


def _facets(wanted: Wanted, args: Args, around: Desk) -> Iterator[Facet]:
    for name, counts in queue.facets(node(), wanted).items():
        if len(counts) > 1 or name in wanted.chosen:
            options = tuple(_option(name, key, counts[key], args, around) for key in counts)
            yield Facet(_(_TITLES[name]), options)


def _option(name: str, key: str, count: int, args: Args, around: Desk) -> FacetOption:
    chosen = args.get(name, "") == key
    url = _address(args, {name: None if chosen else key})
    return FacetOption(_label(name, key, around), count, url, selected=chosen)


def _label(name: str, key: str, around: Desk) -> str:
    if name == "rule":
        return checks.rule_words(key)
    if name == "item":
        return checks.item_words(node(), key)
    return around.known.place(key) if name == "station" else checks.field_label(key, None)


def _address(args: Args, changed: Mapping[str, str | None], endpoint: str = "index") -> str:
    kept: dict[str, str | None] = {n: args.get(n) or None for n in ("tab", *queue.FACETS)}
    address: Callable[..., str] = url_for
    return address(f"conflicts.{endpoint}", **(kept | dict(changed)))


def _pager(found: Page, args: Args) -> Pager:
    shown = found.checks
    return Pager(
        previous_url=_address(args, {}) if args.get("after") else "",
        next_url=_address(args, {"after": shown[-1].id}) if found.more else "",
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
