"""Comparing versions of an item, and catalogues through a workbook: laws for any input."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from casework import catalogue_sheet, publishing
from casework.catalogue import Catalogue, Material
from fixtures.builders import sample_catalogue

ITEMS = sorted(sample_catalogue().items.values(), key=lambda item: item.code)
NAMES = st.sampled_from(["申请表", "身份证", "户口簿", "照片", "银行卡"])
MATERIALS = st.builds(
    Material,
    no=st.just(1),
    name=NAMES,
    name_en=st.just(""),
    main=st.booleans(),
    deficiency_ok=st.booleans(),
    shared=st.booleans(),
    promise_ok=st.booleans(),
    when=st.sampled_from(["", "agent"]),
    originals=st.integers(0, 2),
    copies=st.integers(0, 2),
)
VERSIONS = st.builds(
    lambda item, materials, days, conditions: replace(
        item,
        materials=tuple({m.name: m for m in materials}.values()),
        promised_days=days,
        guide=replace(item.guide, conditions=tuple(conditions)),
    ),
    st.sampled_from(ITEMS),
    st.lists(MATERIALS, max_size=5),
    st.integers(0, 40),
    st.lists(st.sampled_from(["年满80周岁", "户口在本县"]), max_size=2),
)
TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Cf")), min_size=1, max_size=9
)


def names(materials):
    return sorted(material.name for material in materials)


@given(VERSIONS, VERSIONS)
def test_what_one_way_asks_more_the_other_way_asks_less(one, other):
    there, back = publishing.compare(one, other), publishing.compare(other, one)
    assert names(there.more) == names(back.fewer)
    assert names(there.fewer) == names(back.more)
    assert (there.shorter, there.longer) == (back.longer, back.shorter)
    assert there.legal == back.legal


@given(VERSIONS, st.randoms(use_true_random=False))
def test_the_same_item_asks_nothing_new_in_whatever_order(item, chance):
    turned = list(item.materials)
    chance.shuffle(turned)
    found = publishing.compare(item, replace(item, materials=tuple(turned)))
    assert (found.more, found.fewer, found.legal, found.shorter) == ((), (), False, False)


@given(st.sets(st.sampled_from(range(len(ITEMS)))), st.sets(st.sampled_from(range(len(ITEMS)))))
def test_every_item_of_two_versions_is_added_removed_or_the_same(before, after):
    old, new = (Catalogue(1, {ITEMS[i].code: ITEMS[i] for i in one}) for one in (before, after))
    found = publishing.changes(old, new)
    assert {item.code for item in found.added} == {ITEMS[i].code for i in after - before}
    assert {item.code for item in found.removed} == {ITEMS[i].code for i in before - after}
    assert found.changed == ()


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3), st.integers(0, 99), st.booleans())
def test_whatever_is_typed_comes_back_from_a_workbook(code, name, lines, days, truth):
    guide = {"fee": name} | ({"conditions": lines} if lines else {})
    item = {
        "code": code,
        "name": name,
        "promised_days": days,
        "once_only": truth,
        "guide": guide,
        "materials": [{"no": 1, "name": name, "main": truth}],
    }
    taken = catalogue_sheet.read(catalogue_sheet.write({"items": [item]}))
    assert taken.problems == ()
    assert taken.document["items"] == [item]
