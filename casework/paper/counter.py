"""At the counter: one-time notice, receipt, offline slip, guide and form of an item."""

from collections.abc import Iterable, Mapping
from typing import Final

from casework.catalogue import CatalogueItem, Material, SpecialStep
from casework.documents import Line, Section, Sheet
from casework.paper import parts
from casework.paper.parts import line
from casework.spoken import NOTHING, Text, plain, spoken_instant
from casework.values import read_text

PICKUPS: Final[Mapping[str, Text]] = {
    "station": Text("到站领取", "fetched at the station"),
    "visit": Text("送上门", "brought home"),
    "mail": Text("邮寄", "by mail"),
    "agent": Text("代领", "fetched by an agent"),
    "electronic": Text("电子结果", "electronic"),
}
_KINDS: Final[Mapping[str, Text]] = {
    "received": Text("收件", "received"),
    "accepted": Text("受理", "accepted"),
    "accepted_deficient": Text("容缺受理", "accepted, papers to follow"),
}
_SOURCES: Final[Mapping[str, Text]] = {
    "self": Text("申请人自备", "the applicant has it"),
    "authority": Text("政府部门核发", "issued by an authority"),
    "other": Text("其他", "other"),
}


def receipt(sheet: Sheet) -> Iterable[Section]:
    """P2: what was taken, whether the clock runs, and until when (R-ZH-21e)."""
    case = sheet.case
    kind = read_text(case.map("accepted").get("kind") or case.map("received").get("kind"))
    yield Section(
        Text("凭证种类", "Kind"),
        (line("种类", "Kind", _KINDS.get(kind or "", _KINDS["received"])),),
    )
    yield parts.person(sheet)
    yield parts.papers(sheet)
    if case.missing:
        yield Section(Text("还缺的材料", "Papers lacking"), parts.lacking(sheet, case.missing))
    yield parts.limits(sheet)
    yield Section(
        Text("取件和查询", "Fetching and asking"),
        (line("取件方式", "How it is fetched", PICKUPS.get(case.text("pickup"), NOTHING)),),
        (
            Text(
                "凭办件编号和身份证，可到任一便民服务站或拨打咨询电话查询。",
                "Ask at any station or by phone with the case number and your ID card.",
            ),
            *([_NOT_YET] if sheet.offline else []),
        ),
    )


_NOT_YET: Final = Text(
    "本凭证离线出具，县里收到后生成正式编号。",
    "Issued without a link; the official number comes once the county has it.",
)


def one_time_notice(sheet: Sheet) -> Iterable[Section]:
    """P1: everything about an item, told once (R-ZH-14a, R-NX-23b, R-HC-32a)."""
    item = sheet.item
    if sheet.case.values:
        lacking = parts.lacking(sheet, sheet.case.missing)
        yield Section(Text("现在还缺", "What lacks now"), lacking)
    yield from _conditions(item)
    yield _materials(item)
    yield from _steps(item)
    yield Section(
        Text("时限和费用", "Limits and fee"),
        tuple(_limits_and_fee(item)),
        (
            Text(
                "以上一次说全，不再要求别的材料。",
                "This is everything: nothing else will be asked for.",
            ),
        ),
    )
    yield _where(sheet)


def guide(sheet: Sheet) -> Iterable[Section]:
    """The guide to an item with its flow, samples and common mistakes (R-ZH-12)."""
    item = sheet.item
    yield Section(
        Text("事项", "Item"),
        (
            line("实施部门", "Department", item.department),
            line("办理结果", "Result", item.guide.result_name),
        ),
        parts.said(item.guide.basis),
    )
    yield from _conditions(item)
    yield Section(
        Text("材料", "Papers"),
        columns=_GUIDE_COLUMNS,
        rows=tuple(_material_row(material) for material in item.materials),
    )
    yield from _listed(Text("办理流程", "How it goes"), item.guide.flow)
    yield from _steps(item)
    yield Section(Text("时限和费用", "Limits and fee"), tuple(_limits_and_fee(item)))
    yield from _listed(Text("审查要点", "What is looked at"), item.guide.review_points)
    yield from _listed(Text("常见错误", "Common mistakes"), item.guide.common_errors)
    yield _where(sheet)


def form(sheet: Sheet) -> Iterable[Section]:
    """The application form of an item, to be filled in by hand (R-ZH-12)."""
    yield Section(Text("申请人", "Applicant"), tuple(line(zh, en, "") for zh, en in _PERSON_LINES))
    asked = sheet.item.form
    if asked:
        answers = tuple(Line(Text(f.title, f.title_en or f.title), NOTHING) for f in asked)
        yield Section(Text("办这件事还要填", "For this matter"), answers)
    papers = [Text(f"□ {m.name}", f"□ {m.name_en or m.name}") for m in sheet.item.materials]
    yield Section(Text("交来的材料（打勾）", "Papers handed in (tick)"), paragraphs=tuple(papers))
    yield Section(
        Text("声明", "Statement"),
        paragraphs=(Text("以上所填和所交的材料真实。", "What I filled in and handed in is true."),),
    )


_PERSON_LINES: Final = (
    ("姓名或单位名称", "Name"),
    ("证件号码", "Document number"),
    ("电话", "Phone"),
    ("住址", "Address"),
    ("代办人（有的话）", "Agent, if any"),
    ("代办人证件号码", "Agent's document number"),
    ("结果怎么拿", "How the result is fetched"),
)
_GUIDE_COLUMNS: Final = (
    Text("材料", "Paper"),
    Text("要求", "What is asked"),
    Text("从哪里来", "Where it comes from"),
)


def offline_slip(sheet: Sheet) -> Iterable[Section]:
    """P17: what it means that there was no network."""
    since = spoken_instant(sheet.version_at) if sheet.version_at is not None else NOTHING
    yield Section(
        Text("说明", "What this means"),
        (
            line("办理时间", "Taken in", parts.instant(sheet.case.map("received"))),
            line("目录到站时间", "Catalogue here since", since),
            line("最迟答复", "You will hear by", _hear_by(sheet)),
        ),
        (
            Text(
                "联网后生成正式编号，旧号可查。",
                "The official number comes with the link; this one stays searchable.",
            ),
            Text(
                "材料和记录已存在本站电脑里，没有网络也不会丢。",
                "Papers and records are safe at this station, network or not.",
            ),
        ),
    )


def _hear_by(sheet: Sheet) -> Text:
    if sheet.promised is not None:
        return parts.due_day(sheet.promised)
    return Text("乡镇收到材料后告知", "once the township has the papers")


def _conditions(item: CatalogueItem) -> Iterable[Section]:
    yield from _listed(Text("受理条件", "Conditions"), item.guide.conditions)
    if item.must_appear_in_person:
        told = Text("要本人到场，不能代办。", "You must come yourself.")
        yield Section(Text("本人到场", "In person"), paragraphs=(told,))


def _listed(title: Text, texts: Iterable[str]) -> Iterable[Section]:
    found = parts.said(texts)
    if found:
        yield Section(title, paragraphs=found)


def _materials(item: CatalogueItem) -> Section:
    rows = tuple(Line(parts.material_name(m), parts.ways(m)) for m in item.materials)
    return Section(Text("全部材料", "All papers"), rows)


def _material_row(material: Material) -> tuple[Text, ...]:
    source = _SOURCES.get(material.source, NOTHING)
    unit, sample = plain(material.issuing_unit), plain(material.sample)
    asked = [parts.ways(material), plain(material.criteria)]
    return (
        parts.material_name(material),
        parts.joined((t for t in asked if t.zh), "；", "; "),
        parts.joined((t for t in (source, unit, sample) if t.zh), "；", "; "),
    )


def _steps(item: CatalogueItem) -> Iterable[Section]:
    if item.special_steps:
        rows = tuple(Line(_step_name(s), _step_time(s)) for s in item.special_steps)
        title = Text("特殊环节（时间另计）", "Special steps (outside the limit)")
        yield Section(title, rows)


def _step_name(step: SpecialStep) -> Text:
    return Text(step.name, step.name_en or step.name)


def _step_time(step: SpecialStep) -> Text:
    told = [
        Text(f"最多{step.days}个工作日", f"{step.days} working days at most")
        if step.days
        else NOTHING,
        Text(f"依据：{step.basis}", f"basis: {step.basis}") if step.basis else NOTHING,
        Text(f"由{step.organiser}组织", f"held by {step.organiser}") if step.organiser else NOTHING,
    ]
    shown = [text for text in told if text.zh]
    return parts.joined(shown or [Text("启动时告知", "told when it starts")], "；", "; ")


def _limits_and_fee(item: CatalogueItem) -> Iterable[Line]:
    yield line("承诺时限", "Promised", parts.days(item.promised_days))
    yield line("法定时限", "Statutory", parts.days(item.statutory_days))
    yield from parts.fee(item.guide)


def _where(sheet: Sheet) -> Section:
    told = sheet.item.guide
    place = told.place_and_hours or f"{sheet.station.name} {sheet.station.hours}".strip()
    lines = [line("地点和时间", "Where and when", place)]
    if asked := told.consult or sheet.station.hotline:
        lines.append(line("问谁", "Whom to ask", asked))
    if told.complain:
        lines.append(line("监督投诉", "Complaints", told.complain))
    version = sheet.case.values.get("item_version") or sheet.version
    valid = Text(
        f"本单按目录第{version}版打印；目录改了，以新公布的为准。",
        f"Printed from version {version} of the catalogue; what is published later holds then.",
    )
    return Section(Text("在哪里办、问谁", "Where, and whom to ask"), tuple(lines), (valid,))
