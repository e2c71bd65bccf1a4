"""A difference that was settled: by whom, why, what holds now, and until when it can be undone."""

from collections.abc import Iterator

from flask import url_for

from hub.usecases.conflicts import Kind
from hub.web import checks, compare
from hub.web.compare import Bench, Sides
from node.web import speech
from ui.i18n import gettext as _
from ui.pages import Cell, FieldError, SettledPage, SettledRow


def build(bench: Bench, errors: tuple[FieldError, ...] = ()) -> SettledPage:
    """Lay out a settlement."""
    check, known, now = bench.check, bench.around.known, bench.around.now
    done = check.settled
    undo = done is not None and now <= done.undo_until
    sides = Sides.of(bench)
    duplicate = check.kind is Kind.DUPLICATE
    return SettledPage(
        checks.item_name(bench.matter),
        bench.matter.first.name,
        checks.rule(check),
        known.actor(done.by, known.own) if done else _("电脑按规则"),
        done.at if done else check.opened_at,
        done.reason if done else "",
        url_for("conflicts.index", tab=check.state.value),
        () if duplicate else sides.columns,
        tuple(_matter(bench) if duplicate else _rows(bench, sides)),
        undo_url=url_for("conflicts.undo", check=check.id) if undo else "",
        undo_until=done.undo_until if done else 0,
        case_links=tuple(compare.case_links(bench)),
        errors=errors,
    )


def _rows(bench: Bench, sides: Sides) -> Iterator[SettledRow]:
    for name, written in bench.check.fields.items():
        view = bench.files[bench.check.case].fields.get(name)
        by_key = {compare.key_of(side): side for side in written}
        yield SettledRow(
            checks.field_label(name, bench.matter.item),
            checks.text(name, view.value, bench.around) if view else "",
            tuple(
                compare.cell(by_key[key], name, "", bench) if key in by_key else Cell("")
                for key in sides.keys
            ),
        )


def _matter(bench: Bench) -> Iterator[SettledRow]:
    """Which case goes on, and which were merged into it."""
    mains = {file.record.state.text("main") for file in bench.files.values()}
    for line in bench.matter.lines:
        separate = len(mains) > 1
        goes_on = line.case in mains
        words = _("各办各的") if separate else _("主件,接着办") if goes_on else _("并到主件")
        place = bench.around.known.place(line.station)
        yield SettledRow(f"{place} {speech.number(line.temporary_number)}", words, ())
