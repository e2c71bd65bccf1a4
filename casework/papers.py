"""The words of every document: one function a kind, one table."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from casework.documents import KINDS, Document, DocumentKind, Line, Section, Sheet
from casework.paper_parts import (
    days,
    foot,
    head,
    lacking,
    limits,
    line,
    material_name,
    papers,
    person,
    ways,
)
from casework.spoken import NOTHING, Text, plain, spoken_day, spoken_instant
from casework.values import read_date, read_int, read_list, read_map, read_text

_PICKUPS: Final[Mapping[str, Text]] = {
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
_FREE: Final = Text("不收费", "free of charge")


def build(kind: DocumentKind, sheet: Sheet) -> Document:
    """Make a document.

    Args:
        kind: which one.
        sheet: the case and who prints it.

    Does not check that the case is in a state for which the document is meant.
    """
    fixed = KINDS[kind]
    return Document(
        kind=kind,
        title=fixed.title,
        number=sheet.number,
        case_number=sheet.case_number,
        head=tuple(head(sheet)),
        sections=tuple(_BODIES[kind](sheet)),
        foot=tuple(foot(sheet)),
        signers=fixed.signers,
        sealed=fixed.sealed,
        copies=fixed.copies,
        reprint=sheet.reprint,
    )


def _receipt(sheet: Sheet) -> Iterable[Section]:
    case = sheet.case
    kind = case.map("accepted").get("kind") or case.map("received").get("kind")
    yield Section(
        Text("凭证种类", "Kind"),
        (line("种类", "Kind", _KINDS.get(read_text(kind) or "", _KINDS["received"])),),
    )
    yield person(sheet)
    yield papers(sheet)
    if case.missing:
        yield Section(Text("还缺的材料", "Papers lacking"), lacking(sheet, case.missing))
    yield limits(sheet)
    yield Section(
        Text("取件和查询", "Fetching and asking"),
        (line("取件方式", "How it is fetched", _PICKUPS.get(case.text("pickup"), NOTHING)),),
        (
            Text(
                "凭办件编号和身份证，可到任一便民服务站或拨打咨询电话查询。",
                "Ask at any station or by phone with the case number and your ID card.",
            ),
        ),
    )


def _notice(sheet: Sheet) -> Iterable[Section]:
    item = sheet.item
    if sheet.case.values:
        yield Section(Text("现在还缺", "What lacks now"), lacking(sheet, sheet.case.missing))
    yield Section(
        Text("全部材料", "All papers"),
        tuple(Line(material_name(m), ways(m)) for m in item.materials),
    )
    if item.special_steps:
        yield Section(
            Text("特殊环节（时间另计）", "Special steps (outside the limit)"),
            tuple(line("环节", "Step", Text(s.name, s.name_en)) for s in item.special_steps),
        )
    yield Section(
        Text("时限和费用", "Limits and fee"),
        (
            line("承诺时限", "Promised", days(item.promised_days)),
            line("法定时限", "Statutory", days(item.statutory_days)),
            line("费用", "Fee", _FREE),
        ),
        (
            Text(
                "以上一次说全，不再要求别的材料。",
                "This is everything: nothing else will be asked for.",
            ),
        ),
    )


def _promise(sheet: Sheet) -> Iterable[Section]:
    case = sheet.case
    promised = read_list(case.map("commitment").get("materials"))
    last = case.deficiency_deadline or read_date(case.map("commitment").get("deadline"))
    yield person(sheet)
    yield papers(sheet)
    yield Section(
        Text("后补的材料和期限", "Papers to follow, and until when"),
        (
            *lacking(sheet, (n for n in map(read_int, promised) if n is not None)),
            line("补交期限", "Until", spoken_day(last) if last else NOTHING),
        ),
    )
    yield Section(
        Text("补交办法和后果", "How, and what follows"),
        paragraphs=(
            Text(
                "可到任一便民服务站、乡镇便民服务中心补交，也可邮寄或网上补交。",
                "Hand them in at any station or township centre, by mail or online.",
            ),
            Text("逾期视为撤回申请。", "If they are late, the application counts as withdrawn."),
        ),
    )
    yield Section(
        Text("申请人承诺", "The applicant promises"),
        paragraphs=(
            Text(
                "我已知道缺哪些材料、补交期限和后果，自愿容缺办理，按期补齐。",
                "I know what lacks, until when and what follows. I choose this freely.",
            ),
            Text("我提交的材料和所述情况真实。", "My papers and statements are true."),
        ),
    )


def _entrustment(sheet: Sheet) -> Iterable[Section]:
    yield person(sheet, full=True)
    if not sheet.case.text("agent.name"):
        yield Section(
            Text("受托人", "Agent"),
            (
                line("受托人", "Agent", sheet.handler[0]),
                line("所在站点", "Station", sheet.station.name),
                line("证件号码", "Document", ""),
            ),
        )
    yield Section(
        Text("委托权限（逐项打勾）", "Powers (tick each)"),
        tuple(line(f"□ {zh}", f"□ {en}", "") for zh, en in _POWERS),
    )
    yield Section(
        Text("期限和说明", "Period and notes"),
        (line("委托期限", "Until", ""), line("费用", "Fee", _FREE)),
        (
            Text(
                "我同意受托人为办这件事使用我的证件号码、银行账户等信息。",
                "The agent may use my document number, account and the like for this matter.",
            ),
            Text(
                "我可以随时到任一便民服务站撤销委托。",
                "I may revoke this at any station at any time.",
            ),
        ),
    )


_POWERS: Final = (
    ("代为提交材料", "hand in papers"),
    ("签收补正、告知文书", "receive notices"),
    ("代为撤回申请", "withdraw the application"),
    ("代为领取结果", "fetch the result"),
)


def _delivery(sheet: Sheet) -> Iterable[Section]:
    case = sheet.case
    issued, delivered = case.map("issued"), case.map("delivered")
    results = [read_map(result) for result in read_list(issued.get("results"))]
    yield person(sheet)
    yield Section(
        Text("办理结果", "Results"),
        tuple(
            Line(plain(read_text(r.get("name")) or ""), plain(read_text(r.get("serial")) or ""))
            for r in results
        ),
    )
    decided = read_int(case.map("decided").get("at"))
    yield Section(
        Text("时限", "Time limits"),
        (
            line("承诺办结日期", "Promised by", spoken_day(case.due) if case.due else NOTHING),
            line("实际办结", "Decided", spoken_instant(decided) if decided else NOTHING),
            line("送到", "Issued to", sheet.place_name(read_text(issued.get("to")) or "")),
        ),
    )
    yield Section(
        Text("领取", "Received"),
        (
            line("领取人", "Who", _RECIPIENTS.get(read_text(delivered.get("to")) or "", NOTHING)),
            line("凭证", "Proof", read_text(delivered.get("proof")) or ""),
            line("已核对身份", "Identity checked", "□"),
            line("邮寄凭证粘贴处", "Proof of posting", ""),
        ),
    )


_RECIPIENTS: Final[Mapping[str, Text]] = {
    "applicant": Text("申请人本人", "the applicant"),
    "agent": Text("代领人", "an agent"),
    "mail": Text("邮寄", "by mail"),
}


def _withdrawal(sheet: Sheet) -> Iterable[Section]:
    withdrawn = sheet.case.map("withdrawn")
    at = read_int(withdrawn.get("at"))
    yield person(sheet, full=True)
    yield Section(
        Text("撤回", "Withdrawal"),
        (
            line("撤回时间", "When", spoken_instant(at) if at is not None else NOTHING),
            line("原因（可不写）", "Reason (optional)", read_text(withdrawn.get("reason")) or ""),
        ),
        (
            Text(
                "如已作出决定，则转由部门处理。",
                "If it has been decided already, the department deals with it.",
            ),
        ),
    )
    yield Section(Text("退还的材料", "Papers returned"), papers(sheet).lines)


def _slip(sheet: Sheet) -> Iterable[Section]:
    received = read_int(sheet.case.map("received").get("at"))
    yield Section(
        Text("说明", "What this means"),
        (
            line("办理时间", "Taken in", spoken_instant(received) if received else NOTHING),
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
    if sheet.case.due:
        return spoken_day(sheet.case.due)
    return Text("乡镇收到材料后告知", "once the township has the papers")


_BODIES: Final[Mapping[DocumentKind, Callable[[Sheet], Iterable[Section]]]] = {
    DocumentKind.RECEIPT: _receipt,
    DocumentKind.ONE_TIME_NOTICE: _notice,
    DocumentKind.DEFICIENCY_PROMISE: _promise,
    DocumentKind.ENTRUSTMENT: _entrustment,
    DocumentKind.RESULT_DELIVERY: _delivery,
    DocumentKind.WITHDRAWAL: _withdrawal,
    DocumentKind.OFFLINE_SLIP: _slip,
}
