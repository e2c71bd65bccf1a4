"""What is asked of a catalogue before the county may publish it, and what is only warned of.

`catalogue_reading.parse` says whether a catalogue can be read and holds together; here stands what
the regulations ask of what is published. A station asks none of it: what the county signed is in
force. An item that stands in the published version already, word for word or only with its end
written in, is not held up for what it lacks: stopping a cancelled item at once (R-HC-17b) may not
wait until every old guide is complete. What is wrong with it is warned of.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from casework.catalogue import Catalogue, CatalogueItem
from casework.catalogue_reading import VAGUE
from casework.errors import FieldProblem
from casework.workdays import Calendar

RECEIPT_SIGNS: Final = 18
"""Chinese signs that stand on one line of an 80 mm receipt beside a number and a mark."""
CALENDAR_DAYS: Final = 90
_QUOTED: Final = re.compile(r"《[^》]*》")
_CITES: Final = re.compile(r"《[^》]+》|〔[0-9]{4}〕[0-9]+号")
_Found = tuple[str, str, str, str]
"""Field within the item, code, Chinese, English."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in a catalogue that is to be published.

    Attributes:
        errors: for each of these it may not be published.
        warnings: what a person should look at before he approves.
    """

    errors: tuple[FieldProblem, ...]
    warnings: tuple[FieldProblem, ...]


def check(
    new: Catalogue,
    *,
    known: Sequence[Catalogue] = (),
    calendar: Calendar | None = None,
    today: date = date.min,
) -> Verdict:
    """Say whether a catalogue may be published.

    Args:
        new: as read without problems.
        known: versions that were published: an item that stands in one of them as it is, apart
            from its end, is only warned of, secrets excepted.
        calendar: the working days that are published with it; None: not looked at.
        today: day of the check.

    Does not check that the law cited says what it is cited for: a person answers for that.
    """
    errors: list[FieldProblem] = []
    warnings: list[FieldProblem] = [*_calendar(calendar, today)]
    for i, item in enumerate(new.items.values()):
        found = [_problem(i, item, one) for one in _item(item, new)]
        old = any(_same(item, version.item(item.code)) for version in known)
        (warnings if old else errors).extend(found)
        errors += [_problem(i, item, one) for one in _always(item)]
        warnings += [_problem(i, item, one) for one in _worth_a_look(item, new)]
    errors += [*_proofs(new), *_bundles(new)]
    return Verdict(tuple(errors), tuple(warnings))


def _same(item: CatalogueItem, old: CatalogueItem | None) -> bool:
    """Whether an item is as it was, its end apart."""
    if old is None:
        return False
    ended = replace(
        old,
        cancelled_on=item.cancelled_on,
        carried_on=item.carried_on,
        successor=item.successor,
        guide=replace(old.guide, change_note=item.guide.change_note),
    )
    return ended == item


def _problem(i: int, item: CatalogueItem, found: _Found) -> FieldProblem:
    name, code, zh, en = found
    return FieldProblem(f"/items/{i}/{name}", code, f"{item.code}：{zh}", f"{item.code}: {en}")


def _item(item: CatalogueItem, catalogue: Catalogue) -> Iterator[_Found]:
    for rule in _RULES:
        yield from rule(item)
    yield from _papers(item, catalogue)
    yield from _vague(item)


def _always(item: CatalogueItem) -> Iterator[_Found]:
    """What is never published, however long it may have stood (R-GX-22)."""
    if item.confidential:
        yield (
            *("confidential", "confidential"),
            "涉密事项不上平台。从目录里拿掉。",
            "Touches secrets: it stays out of the platform.",
        )


_NEEDED: Final[Mapping[str, tuple[str, str]]] = {
    "basis": ("设定依据", "legal basis"),
    "conditions": ("申请条件", "conditions"),
    "flow": ("办理流程", "flow"),
    "common_errors": ("常见错误示例", "common errors"),
    "result_name": ("结果名称", "name of the result"),
    "consult": ("咨询方式", "whom to ask"),
}
"""Texts of a guide without which nothing is published (R-NX-11)."""
_EXPECTED: Final[Mapping[str, tuple[str, str]]] = {
    "sample": ("示范文本", "filled-in sample"),
    "result_sample": ("结果样本", "sample of the result"),
    "complain": ("监督投诉方式", "where to complain"),
    "place_and_hours": ("办理地点和时间", "place and hours"),
}
"""Files and texts that may follow: only warned of. A video is added over time (R-NX-11)."""


def _guide(item: CatalogueItem) -> Iterator[_Found]:
    for name, (zh, en) in _NEEDED.items():
        if not getattr(item.guide, name):
            yield f"guide/{name}", "guide", f"办事指南缺“{zh}”。补上再公布。", f"no {en}."


def _steps(item: CatalogueItem) -> Iterator[_Found]:
    """R-GX-08, R-NX-23a: name, basis, limits, start and who starts it."""
    for i, step in enumerate(item.special_steps):
        needed = (
            ("basis", _cites(step.basis), "要写法律依据，写到《》里", "a legal basis in 《》"),
            ("organiser", bool(step.organiser), "要写由哪个股室组织", "who organises it"),
            ("days", step.days > 0, "要写办理时限，几个工作日", "its limit in working days"),
            ("start", bool(step.start), "要写什么时候启动", "when it begins"),
        )
        for name, holds, zh, en in needed:
            if not holds:
                yield (
                    *(f"special_steps/{i}/{name}", "step_rule"),
                    f"特殊环节“{step.name}”{zh}。",
                    f"special step {step.name} needs {en}.",
                )


def _fee(item: CatalogueItem) -> Iterator[_Found]:
    """R-HC-32a: no fee without a law."""
    if item.guide.fee and not _cites(item.guide.fee_basis):
        zh = "收费要写依据，写到《》里。没有依据就不能收。"
        yield "guide/fee_basis", "fee", zh, "a fee needs its legal basis."


def _online_only(item: CatalogueItem) -> Iterator[_Found]:
    """R-HC-23a: the applicant chooses the way, unless a document says otherwise."""
    if item.guide.online_only and not _cites(item.guide.online_only_basis):
        zh = "只能网上办的，要写依据的文件。没有依据，窗口也要收。"
        yield "guide/online_only_basis", "online_only", zh, "online only needs its basis."


def _promise(item: CatalogueItem) -> Iterator[_Found]:
    """R-HC-29a."""
    if not any(material.promise_ok for material in item.materials):
        return
    if item.guide.promise_excluded:
        zh = "不适用告知承诺的事项，材料不能用承诺代替。"
        yield "guide/promise_excluded", "promise", zh, "promises are excluded for this item."
    elif not item.guide.promise_terms:
        zh = "可以承诺代替的，要写承诺的内容、标准和责任。"
        yield "guide/promise_terms", "promise", zh, "the terms of the promise are missing."


def _in_time(item: CatalogueItem) -> Iterator[_Found]:
    if item.cancelled_on and item.effective_from and item.cancelled_on < item.effective_from:
        zh = "取消日期比开始日期还早。改一改。"
        yield "cancelled_on", "dates", zh, "it ends before it begins."


_RULES: Final[tuple[Callable[[CatalogueItem], Iterator[_Found]], ...]] = (
    *(_guide, _steps, _fee, _online_only, _promise, _in_time),
)


def _papers(item: CatalogueItem, catalogue: Catalogue) -> Iterator[_Found]:
    """R-HC-20a: no proof is asked for that is not in the published list."""
    for i, material in enumerate(item.materials):
        at = f"materials/{i}/proof"
        if material.proof and material.proof not in catalogue.proofs:
            zh = f"证明“{material.proof}”不在证明事项清单里。"
            yield at, "proof", zh, f"proof {material.proof} is not in the list."
        elif "证明" in material.name and not material.proof:
            zh = f"“{material.name}”是证明，要写清单里的编号。"
            yield at, "proof", zh, f"{material.name} is a proof: name its entry of the list."


def _vague(item: CatalogueItem) -> Iterator[_Found]:
    """R-HC-18a, wherever the public reads it; titles of laws in 《》 are quoted, not vague."""
    for name, text in _texts(item):
        plain = _QUOTED.sub("", text)
        for word in VAGUE:
            if word in plain:
                yield name, "vague", f"“{word}”太笼统。写清楚。", f"{word} is vague."


def _texts(item: CatalogueItem) -> Iterator[tuple[str, str]]:
    yield from (("name", item.name), ("department", item.department), ("remarks", item.remarks))
    for i, material in enumerate(item.materials):
        yield f"materials/{i}/issuing_unit", material.issuing_unit
        yield f"materials/{i}/criteria", material.criteria
    for i, step in enumerate(item.special_steps):
        for name in ("name", "basis", "start", "organiser"):
            yield f"special_steps/{i}/{name}", getattr(step, name)
    for name in item.guide.__slots__:
        value = getattr(item.guide, name)
        for text in value if isinstance(value, tuple) else (value,):
            yield f"guide/{name}", text if isinstance(text, str) else ""


def _cites(text: str) -> bool:
    """Whether a document is cited: a title in 《》, or a number like 〔2026〕12号."""
    return _CITES.search(text) is not None


def _worth_a_look(item: CatalogueItem, catalogue: Catalogue) -> Iterator[_Found]:
    for name, (zh, en) in _EXPECTED.items():
        if not getattr(item.guide, name):
            yield f"guide/{name}", "guide", f"办事指南还没有“{zh}”。", f"no {en} yet."
    if item.successor and item.successor not in catalogue.items:
        zh = f"接替的事项 {item.successor} 不在目录里。"
        yield "successor", "successor", zh, f"{item.successor} is not in the catalogue."
    names = [("name", item.name)]
    names += [(f"materials/{i}/name", m.name) for i, m in enumerate(item.materials)]
    for name, text in names:
        if width(text) > RECEIPT_SIGNS:
            zh = f"“{text}”超过{RECEIPT_SIGNS}个字，小票上要折行。"
            yield name, "long", zh, f"wider than {RECEIPT_SIGNS} signs on a receipt."


def width(text: str) -> float:
    """Answer how many Chinese signs a text is wide; a Latin letter is half of one.

    >>> width("高龄津贴"), width("P18")
    (4.0, 1.5)
    """
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.5 for sign in text)


def _calendar(calendar: Calendar | None, today: date) -> Iterator[FieldProblem]:
    if calendar is None or calendar.until >= today + timedelta(days=CALENDAR_DAYS):
        return
    until = calendar.until.isoformat()
    zh = f"节假日历只到{until}，不到{CALENDAR_DAYS}天了。先导入新的。"
    yield FieldProblem("/holidays", "calendar", zh, f"The calendar ends on {until}.")


def _proofs(catalogue: Catalogue) -> Iterator[FieldProblem]:
    """R-HC-20a: basis, issuing unit and how to get it, of each proof."""
    wanted = {"basis": "依据", "issuing_unit": "开具单位", "how": "怎么开"}
    for i, proof in enumerate(catalogue.proofs.values()):
        for name, title in wanted.items():
            text = getattr(proof, name)
            vague = any(word in _QUOTED.sub("", text) for word in VAGUE)
            if not text or vague:
                zh = f"证明“{proof.name}”的“{title}”没有写清楚。"
                en = f"Proof {proof.name}: {name} is missing or vague."
                yield FieldProblem(f"/proofs/{i}/{name}", "proof", zh, en)


def _bundles(catalogue: Catalogue) -> Iterator[FieldProblem]:
    for i, bundle in enumerate(catalogue.bundles.values()):
        if lost := _unlisted(bundle.items, catalogue):
            zh = f"一件事“{bundle.name}”里的 {lost} 不在目录里。"
            yield FieldProblem(f"/bundles/{i}/items", "bundle", zh, f"{lost} is not listed.")
        if not bundle.lead:
            zh = f"一件事“{bundle.name}”要写牵头部门。"
            yield FieldProblem(f"/bundles/{i}/lead", "bundle", zh, "Name the lead department.")


def _unlisted(codes: Iterable[str], catalogue: Catalogue) -> str:
    return "、".join(code for code in codes if code not in catalogue.items)
