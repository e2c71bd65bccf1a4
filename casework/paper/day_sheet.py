"""P19: the receipts of a day against what the county has, and the signed head of the log."""

from dataclasses import dataclass
from datetime import date

from casework.documents import KINDS, Document, DocumentKind, Line, Section, StationCard
from casework.paper import parts
from casework.paper.parts import line
from casework.spoken import Text, plain, spoken_day, spoken_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of a day.

    Attributes:
        taken: cases taken in; printed: of those, how many had a receipt printed.
        received: of those, of how many the county has everything; waiting: the others.
        waiting_ever: cases of any day that wait.
    """

    taken: int
    printed: int
    received: int
    waiting: int
    waiting_ever: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A case of the day: numbers, item and how far it has come; nobody's name."""

    number: str
    official_number: str
    item: Text
    transport: Text
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far the log reaches: signed, to be typed (`lines`) or scanned (`code`) at the county."""

    seq: int
    lines: tuple[str, ...]
    code: str


def day_sheet(  # noqa: PLR0913  # what a day sheet is made from
    day: date,
    tally: Tally,
    rows: tuple[Row, ...],
    reach: Reach | None,
    *,
    station: StationCard,
    handler: tuple[str, str],
    printed_at: int,
) -> Document:
    """Make the sheet of a day.

    Args:
        day: in China.
        tally: its counts.
        rows: its cases, in the order of intake.
        reach: None before anything was written.
        station: whose day it is.
        handler: name and staff number.
        printed_at: milliseconds.
    """
    kind = KINDS[DocumentKind.DAY_SHEET]
    listed = Section(
        Text("一件一件看", "Case by case"), columns=_COLUMNS, rows=tuple(map(_cells, rows))
    )
    return Document(
        kind=DocumentKind.DAY_SHEET,
        title=kind.title,
        number="",
        case_number="",
        head=(
            line("日期", "Day", spoken_day(day)),
            line("办理站点", "Station", f"{station.name}（{station.code}）"),
        ),
        sections=(
            Section(Text("收件和上传", "Taken in and sent"), tuple(_counts(tally))),
            *([listed] if rows else []),
            _reached(reach),
        ),
        foot=tuple(parts.frame_foot(station, handler, parts.printed_at(printed_at, 0))),
        signers=kind.signers,
        sealed=kind.sealed,
        copies=kind.copies,
        reprint=0,
        code=reach.code if reach else "",
    )


_COLUMNS = (
    Text("办件编号", "Case"),
    Text("事项", "Item"),
    Text("收件时间", "Taken in"),
    Text("传到哪里", "How far"),
)


def _counts(tally: Tally) -> tuple[Line, ...]:
    taken = f"{tally.taken}件，打印回执{tally.printed}张"
    printed = f"{tally.taken} cases, {tally.printed} receipts printed"
    more = tally.waiting_ever > tally.waiting
    ever_zh = f"（连同以前的共{tally.waiting_ever}件）" if more else ""
    ever_en = f" ({tally.waiting_ever} with those of earlier days)" if more else ""
    return (
        line("收件", "Taken in", Text(taken, printed)),
        line("县里已收到", "County has", Text(f"{tally.received}件", str(tally.received))),
        line(
            "等待上传",
            "Waiting",
            Text(f"{tally.waiting}件{ever_zh}", f"{tally.waiting}{ever_en}"),
        ),
    )


def _cells(row: Row) -> tuple[Text, ...]:
    number = parts.printed_number(row.number)
    both = f"{number} {row.official_number}".strip()
    return plain(both), row.item, spoken_instant(row.at), row.transport


def _reached(reach: Reach | None) -> Section:
    title = Text("给县里的对账码", "Letters for the county")
    if reach is None:
        nothing = Text("这台电脑还没有记过东西。", "This computer has recorded nothing yet.")
        return Section(title, paragraphs=(nothing,))
    told = Text(
        f"这台电脑一共记了{reach.seq}条。县里扫码，或者照着下面的字母输入，就知道还缺哪些。",
        f"This computer has {reach.seq} records. Scanned or typed at the county, the letters show "
        "what is missing there.",
    )
    lines = tuple(
        Line(Text(f"第{at}行", f"Line {at}"), plain(text))
        for at, text in enumerate(reach.lines, start=1)
    )
    return Section(title, lines, (told,))
