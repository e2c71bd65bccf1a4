"""P1: what an item asks and promises (`intake/item.html`)."""

from flask import url_for

from casework.catalogue import CatalogueItem, Material
from casework.places import Mode
from casework.spoken import Text
from node.web import speech
from station.web import steps
from ui.filters import said
from ui.i18n import gettext as _
from ui.pages import ItemPage, ItemPaper


def build(
    item: CatalogueItem, mode: Mode | None, *, version: int, published_on: str, draft: str = ""
) -> ItemPage:
    """Lay out an item.

    Args:
        item: as published.
        mode: of this station for it.
        version: of the catalogue.
        published_on: ISO date on which this station took the catalogue in.
        draft: when the item is looked up from within an intake.
    """
    return ItemPage(
        steps=steps.bar(steps.ITEM, item.code, draft),
        code=item.code,
        name=speech.item_name(item),
        department=item.department,
        who_may="",
        mode=mode.value if mode else "",
        promised_days=item.promised_days,
        statutory_days=item.statutory_days,
        papers=tuple(_paper(material) for material in item.materials),
        catalogue_version=version,
        catalogue_date=published_on,
        action=url_for("intake.begin", code=item.code, draft=draft or None),
        notice_url=url_for("papers.notice", code=item.code),
        back_url=url_for("home.show"),
        deficiency_allowed=item.deficiency_allowed,
        special_steps=tuple(said(Text(s.name, s.name_en or s.name)) for s in item.special_steps),
        must_appear=item.must_appear_in_person,
        refusal="" if mode else _("本站不办这一项。到乡镇便民服务中心办。"),
    )


def _paper(material: Material) -> ItemPaper:
    return ItemPaper(
        material.no,
        speech.material_name(material),
        speech.need(material),
        source=_source(material),
        copies=0,
    )


def _source(material: Material) -> str:
    told = (
        (material.shared, _("县里能调到,没带也行")),
        (material.promise_ok, _("没有的,写承诺代替也行")),
        (material.when == "agent", _("别人代办的才要")),
    )
    return ",".join(words for there, words in told if there)
