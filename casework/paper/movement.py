"""Papers and results on their way: proxy service, handover, delivery, withdrawal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from casework.documents import KINDS, Document, DocumentKind, Line, Section, Sheet, StationCard
from casework.paper import parts
from casework.paper.counter import PICKUPS
from casework.paper.parts import FREE, line
from casework.spoken import NOTHING, Text, plain, spoken_instant
from casework.values import Fields, day_of, read_int, read_list, read_map, read_text


def proxy_service(sheet: Sheet) -> Iterable[Section]:
    """P8: what the helper does for the applicant, step by step, free of charge (R-HC-31a)."""
    case = sheet.case
    yield parts.person(sheet, full=True)
    yield Section(
        Text("请求", "Request"),
        (
            line("住址", "Address", case.text("address")),
            line("电话", "Phone", case.text("phone")),
            line("电话里确认过事项", "Item confirmed by phone", "□"),
            line("上门时间", "Visit", ""),
            line("结果怎么拿", "How it is fetched", PICKUPS.get(case.text("pickup"), NOTHING)),
            line("费用", "Fee", FREE),
        ),
    )
    yield Section(
        Text("办理步骤", "Steps"),
        columns=(Text("步骤", "Step"), Text("时间", "When"), Text("签名", "Signature")),
        rows=tuple((name, parts.instant(case.map(field)), NOTHING) for name, field in _STEPS),
    )
    failed = [case.map(n) for n in sorted(case.values) if n.startswith("visit.")]
    if failed:
        visits = tuple(
            Line(parts.instant(v), plain(read_text(v.get("reason")) or "")) for v in failed
        )
        yield Section(Text("没送到的几次", "Visits in vain"), visits)
    yield Section(
        Text("结果和评价", "Result and opinion"),
        (line("办理结果", "Result", ""),),
        (Text("□ 满意　□ 不满意，因为：", "□ satisfied　□ not satisfied, because:"),),
    )


_STEPS: Final = (
    (Text("委托", "Entrusted"), "entrusted"),
    (Text("受理", "Accepted"), "accepted"),
    (Text("办理", "Decided"), "decided"),
    (Text("送达", "Delivered"), "delivered"),
    (Text("归档", "Archived"), "archived"),
    (Text("上报", "Reported"), "verified"),
    (Text("回访", "Asked afterwards"), "asked"),
)
"""The seven steps of a county's rule, and the evidence in the case that shows when each was done;
`entrusted` and `asked` have none and are written by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BagLine:
    """What lies in a bag of one case.

    Attributes:
        case_number: as printed; nobody's name stands on the list.
        papers: material and counts of originals, copies and pages as packed.
        counted: the same counted on arrival; empty before.
    """

    case_number: str
    item: Text
    papers: tuple[tuple[Text, int, int, int], ...]
    counted: tuple[tuple[Text, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """A bag of papers on its way.

    Attributes:
        number: read by scanners.
        packed, opened: who and when (ms) on each side; None before it was opened.
        remark: what both sides say about differences.
    """

    number: str
    from_name: str
    to_name: str
    carrier: str = ""
    packed: tuple[str, int] | None = None
    opened: tuple[str, int] | None = None
    remark: str = ""


def handover_sheet(  # noqa: PLR0913  # what stands on the list beside the bag
    bag: Bag,
    lines: Iterable[BagLine],
    *,
    station: StationCard,
    handler: tuple[str, str],
    printed_at: int,
    number: str = "",
    reprint: int = 0,
) -> Document:
    """P9: the list of a bag over several cases, counted on both sides (R-ZH-25).

    Args:
        bag: its number, way and both counts.
        lines: one a case.
        station: who prints.
        handler: name and staff number.
        printed_at: milliseconds.
        number: document number (§6.6); empty prints none.
        reprint: 0 for the first print, else which 补打 this is.
    """
    kind = KINDS[DocumentKind.HANDOVER]
    listed = tuple(lines)
    rows = [row for one in listed for row in _bag_rows(one)]
    return Document(
        kind=DocumentKind.HANDOVER,
        title=kind.title,
        number=number,
        case_number=bag.number,
        head=tuple(_bag_head(bag, len(listed))),
        sections=(
            Section(Text("材料清单", "Papers"), columns=_BAG_COLUMNS, rows=tuple(rows)),
            _totals(listed),
            Section(
                Text("不一致的地方", "Differences"), (line("说明", "Both sides say", bag.remark),)
            ),
        ),
        foot=tuple(parts.frame_foot(station, handler, parts.printed_at(printed_at, reprint))),
        signers=kind.signers,
        sealed=kind.sealed,
        copies=kind.copies,
        reprint=reprint,
    )


_BAG_COLUMNS: Final = (
    Text("办件编号", "Case"),
    Text("材料", "Paper"),
    Text("原件", "Originals"),
    Text("复印件", "Copies"),
    Text("页数", "Pages"),
    Text("收到时清点", "Counted on arrival"),
)


def _bag_head(bag: Bag, cases: int) -> Iterable[Line]:
    yield line("袋号", "Bag", bag.number)
    yield line("从", "From", bag.from_name)
    yield line("到", "To", bag.to_name)
    yield line("几件", "Cases", str(cases))
    yield line("谁带去", "Carried by", bag.carrier)
    for zh, en, side in (("交出", "Packed", bag.packed), ("收到", "Opened", bag.opened)):
        at = spoken_instant(side[1]) if side else NOTHING
        yield line(zh, en, Text(f"{side[0]} {at.zh}", f"{side[0]} {at.en}") if side else NOTHING)


def _bag_rows(one: BagLine) -> Iterable[tuple[Text, ...]]:
    counted = {name: counts for name, *counts in one.counted}
    number = parts.printed_number(one.case_number)
    for at, (name, *packed) in enumerate(one.papers):
        first = plain(number) if at == 0 else NOTHING
        cells = [plain(str(count)) if count else plain("0") for count in packed]
        yield (first, name, *cells, _check(packed, counted.get(name)))


def _check(packed: list[int], counted: list[int] | None) -> Text:
    if counted is None:
        return Text("□ 收到　□ 缺　□ 多", "□ in　□ lacks　□ more")
    if counted == packed:
        return Text("√ 一致", "√ agrees")
    shown = "/".join(map(str, counted))
    return Text(f"不一致：{shown}", f"differs: {shown}")


def _totals(lines: tuple[BagLine, ...]) -> Section:
    papers = [paper for one in lines for paper in one.papers]
    return Section(
        Text("合计", "Total"),
        (
            line("原件", "Originals", str(sum(p[1] for p in papers))),
            line("复印件", "Copies", str(sum(p[2] for p in papers))),
            line("页数", "Pages", str(sum(p[3] for p in papers))),
        ),
    )


def result_delivery(sheet: Sheet) -> Iterable[Section]:
    """P10: department to window to station to citizen (R-ZH-34a, 34b, 36a, 36b)."""
    case = sheet.case
    issued, delivered = case.map("issued"), case.map("delivered")
    yield parts.person(sheet)
    yield Section(Text("办理结果", "Results"), tuple(_results(issued)))
    yield Section(Text("时限", "Time limits"), tuple(_promised_and_actual(sheet)))
    yield Section(Text("交接登记", "Handed on"), columns=_WAY_COLUMNS, rows=tuple(_way(sheet)))
    conditions = parts.stated(issued, "conditions")
    yield Section(
        Text("发证时核验、收取", "To be checked or collected when it is given out"),
        (line("收取的材料", "Collected", ""),) if not conditions else (),
        conditions or (_CHECK_PERSON,),
    )
    yield Section(Text("领取", "Received"), tuple(_received(delivered, agent=_agent(sheet))))
    posted = delivered.get("to") == "mail" or case.text("pickup") == "mail"
    if posted or not delivered:
        yield Section(
            Text("邮寄", "Mail"),
            (
                line("邮寄公司", "Carrier", read_text(delivered.get("carrier")) or ""),
                line("邮寄单号", "Tracking number", read_text(delivered.get("tracking_no")) or ""),
            ),
            box=Text("邮寄凭证粘贴处", "Glue the proof of posting here"),
        )


_CHECK_PERSON: Final = Text(
    "核对领取人身份证件；代领的，再核对委托书。",
    "Check who fetches it; of an agent, the letter of entrustment too.",
)
_WAY_COLUMNS: Final = (
    Text("从", "From"),
    Text("到", "To"),
    Text("时间", "When"),
    Text("签名", "Signature"),
)


def _results(issued: Fields) -> Iterable[Line]:
    for result in map(read_map, read_list(issued.get("results"))):
        name, serial = (read_text(result.get(part)) or "" for part in ("name", "serial"))
        yield Line(plain(name), plain(serial))


def _promised_and_actual(sheet: Sheet) -> Iterable[Line]:
    case, promised = sheet.case, sheet.promised
    yield line("承诺办结日期", "Promised by", parts.due_day(promised) if promised else NOTHING)
    yield line("实际办结", "Decided", parts.instant(case.map("decided")))
    at = _at_window(sheet)
    yield line("到发证窗口", "At the issuing window", spoken_instant(at) if at else NOTHING)
    if at and promised:
        late = (day_of(at) - promised.day).days
        on_time = Text("在承诺时限内", "within the promised limit")
        missed = Text(f"超过承诺日期{late}天", f"{late} days after the promised day")
        yield line("是否按期", "In time", on_time if late <= 0 else missed)


def _at_window(sheet: Sheet) -> int | None:
    """When the result first reached a window that signed for it, else when it was issued."""
    case = sheet.case
    taken = [case.instant(n) for n in case.values if n.startswith("result_received.")]
    return min((at for at in taken if at is not None), default=case.instant("issued"))


def _way(sheet: Sheet) -> Iterable[tuple[Text, ...]]:
    case = sheet.case
    passed = [case.map(n) for n in case.values if n.startswith("result_passed.")]
    steps = [case.map("issued"), *sorted(passed, key=lambda one: read_int(one.get("at")) or 0)]
    for step in steps:
        ends = (sheet.place_name(read_text(step.get(part)) or "") for part in ("place", "to"))
        yield (*map(plain, ends), parts.instant(step), NOTHING)


def _agent(sheet: Sheet) -> bool:
    return bool(sheet.case.text("agent.name"))


def _received(delivered: Fields, *, agent: bool) -> Iterable[Line]:
    to = read_text(delivered.get("to")) or ""
    yield line("领取人", "Who", _RECIPIENTS.get(to, NOTHING))
    yield line("领取时间", "When", parts.instant(delivered))
    checked = _IDENTITIES.get(read_text(delivered.get("identity")) or "", plain("□"))
    yield line("已核对身份", "Identity checked", checked)
    if agent or to == "agent":
        yield line("委托书", "Letter of entrustment", "□")
    yield line("凭证", "Proof", read_text(delivered.get("proof")) or "")


_RECIPIENTS: Final[Mapping[str, Text]] = {
    "applicant": Text("申请人本人", "the applicant"),
    "agent": Text("代领人", "an agent"),
    "mail": Text("邮寄", "by mail"),
}
_IDENTITIES: Final[Mapping[str, Text]] = {
    "id_card": Text("√ 看了身份证", "√ ID card seen"),
    "known": Text("√ 本人，认识", "√ known in person"),
    "entrustment": Text("√ 看了委托书", "√ letter of entrustment seen"),
}


def withdrawal(sheet: Sheet) -> Iterable[Section]:
    """P11: the application is withdrawn, what that means and what goes back (C5)."""
    withdrawn = sheet.case.map("withdrawn")
    yield parts.person(sheet, full=True)
    reason = read_text(withdrawn.get("reason")) or ""
    yield Section(
        Text("撤回", "Withdrawal"),
        (
            line("撤回时间", "When", parts.instant(withdrawn)),
            line("原因（可不写）", "Reason (optional)", reason),
        ),
        (
            Text(
                "撤回后这一件不再办理，材料当场退还；以后可以重新申请。",
                "It is not gone on with, papers are given back; you may apply again later.",
            ),
            Text(
                "如已作出决定，则转由部门处理。",
                "If it has been decided already, the department deals with it.",
            ),
        ),
    )
    yield parts.returned(sheet)
