"""P1: what an item asks and promises (`intake/item.html`), all of it from the published guide."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from flask import url_for

from casework import in_force
from casework.catalogue import CatalogueItem, Material, SpecialStep
from casework.places import Mode
from casework.publishing import Change
from casework.spoken import Text
from node.web import speech
from station.usecases.guides import News
from station.web import steps
from ui.filters import said
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import ItemPage, ItemPaper, Link

_SUBJECTS: Final = {"natural": marked("个人"), "legal": marked("单位")}


def build(  # noqa: PLR0913  # what a card is made of
    item: CatalogueItem,
    mode: Mode | None,
    *,
    version: int,
    published_on: str,
    draft: str = "",
    today: date = date.min,
    news: News | None = None,
    successor: CatalogueItem | None = None,
) -> ItemPage:
    """Lay out an item.

    Args:
        item: as published.
        mode: of this station for it.
        version: of the catalogue.
        published_on: ISO date on which this station took the catalogue in.
        draft: when the item is looked up from within an intake.
        today: the day at this station; an item that is not in force is refused in words.
        news: what changed and this helper has not read.
        successor: the item that takes its place, where it is cancelled.
    """
    guide, refusal = item.guide, _refusal(item, mode, today)
    return ItemPage(
        steps=steps.bar(steps.ITEM, item.code, draft),
        code=item.code,
        name=speech.item_name(item),
        department=item.department,
        who_may="、".join(_(_SUBJECTS[one]) for one in item.subjects),
        mode=mode.value if mode else "",
        promised_days=item.promised_days,
        statutory_days=item.statutory_days,
        papers=tuple(_paper(material) for material in item.materials),
        catalogue_version=version,
        catalogue_date=published_on,
        action=url_for("intake.begin", code=item.code, draft=draft or None),
        notice_url=url_for("papers.notice", code=item.code),
        further=_further(item, mode, draft),
        back_url=url_for("home.show"),
        deficiency_allowed=item.deficiency_allowed,
        special_steps=tuple(_step(step) for step in item.special_steps),
        must_appear=item.must_appear_in_person,
        refusal=refusal,
        changed_note=_changed(news) if news else "",
        read_url=url_for("intake.read", code=item.code, version=news.version) if news else "",
        kind=item.kind,
        conditions=guide.conditions,
        common_errors=guide.common_errors,
        flow=guide.flow,
        fee=guide.fee,
        fee_basis=guide.fee_basis,
        result=guide.result_name,
        result_sample=guide.result_sample,
        sample=guide.sample,
        place_and_hours=guide.place_and_hours,
        consult=guide.consult,
        complain=guide.complain,
        online_basis=guide.online_only_basis if guide.online_only else "",
        successor=speech.item_name(successor) if successor and refusal else "",
        successor_url=url_for("intake.item", code=successor.code) if successor and refusal else "",
    )


def _refusal(item: CatalogueItem, mode: Mode | None, today: date) -> str:
    """Why it cannot be started here, and what to do instead; empty: it can."""
    stopped = in_force.refusal(item, today) if today > date.min else None
    if stopped:
        return speech.message(stopped)
    return "" if mode else _("本站不办这一项。到乡镇便民服务中心办。")


def _step(step: SpecialStep) -> str:
    name = said(Text(step.name, step.name_en or step.name))
    return _("%(step)s,%(n)s个工作日", step=name, n=step.days) if step.days else name


def _changed(news: News) -> str:
    """What the county says of the change, and what the rules can say by themselves."""
    return " ".join(filter(None, (news.note, *_differences(news.change))))


def _differences(change: Change) -> Iterator[str]:
    more = [speech.material_name(material) for material in change.more]
    fewer = [speech.material_name(material) for material in change.fewer]
    if more:
        yield _("要得多了:%(papers)s。", papers="、".join(more))
    if fewer:
        yield _("要得少了:%(papers)s。", papers="、".join(fewer))
    if change.shorter or change.longer:
        before, after = change.days_before, change.days_after
        yield _("承诺时间从%(before)s个工作日改成%(after)s个。", before=before, after=after)
    if change.legal:
        yield _("办理条件有变,看下面的条件。")
    if change.steps:
        yield _("特殊环节有变。")
    if not (more or fewer or change.shorter or change.longer or change.legal or change.steps):
        yield _("办事指南改过,看一遍再办。")


def _paper(material: Material) -> ItemPaper:
    return ItemPaper(
        material.no,
        speech.material_name(material),
        need(material),
        source=_source(material),
        copies=0,
        asked=_asked(material),
        criteria=material.criteria,
        sample=material.sample,
    )


def need(material: Material) -> str:
    """In which of the three classes a paper stands: 必要, 可容缺, 可共享或承诺.

    A main paper is never spared, even where the county can fetch it: somebody has to see it.
    """
    if material.deficiency_ok:
        return "deferrable"
    if not material.main and (material.shared or material.promise_ok):
        return "spared"
    return "required"


def _asked(material: Material) -> str:
    told = (
        (material.originals, _("原件%(n)s份", n=material.originals)),
        (material.copies, _("复印件%(n)s份", n=material.copies)),
    )
    return "、".join(words for there, words in told if there)


def _source(material: Material) -> str:
    told = (
        (material.shared, _("县里能调到,没带也行")),
        (material.promise_ok, _("没有的,写承诺代替也行")),
        (material.when == "agent", _("别人代办的才要")),
        (material.when == "licensed_machine", _("上牌的机具才要")),
        (material.issuing_unit, _("由%(unit)s开", unit=material.issuing_unit)),
    )
    return ",".join(words for there, words in told if there)


def _further(item: CatalogueItem, mode: Mode | None, draft: str) -> tuple[Link, ...]:
    """What else is done from here; nothing in the middle of an intake."""
    if draft:
        return ()
    asked = Link(_("只是来问的:登记首问"), url_for("asking.ask", code=item.code))
    whole = Link(_("整村一起办:导入名单"), url_for("roster.show", code=item.code))
    return (asked, whole) if mode else (asked,)
