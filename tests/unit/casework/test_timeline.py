"""Sentences of the timeline, and masking."""

import pytest

from casework import masking, timeline
from casework.facts import FACTS


def said(fact, **fields):
    return timeline.sentence(fact, fields, actor="王秀兰", place="村甲")


def test_every_fact_makes_a_sentence():
    for fact in FACTS:
        text = said(fact)
        assert text.zh.startswith("村甲 王秀兰：")
        assert text.en.startswith("王秀兰, 村甲: ")
    assert said("case.sung").zh == "村甲 王秀兰：这台电脑的程序还不认识这一步"


@pytest.mark.parametrize(
    ("fact", "fields", "zh"),
    [
        ("case.accepted", {"accepted": {"due": "2026-12-04"}}, "承诺2026年12月4日（星期五）前办结"),
        ("case.accepted", {"accepted": {}}, "受理"),
        ("case.material_added", {"material.4": {}}, "第4号材料"),
        ("case.decided", {"decided": {"outcome": "no"}}, "不予"),
        ("case.delivered", {"delivered": {"to": "agent"}}, "代领"),
        ("case.contact_corrected", {"phone": "13800001111"}, "电话"),
        (
            "case.application_corrected",
            {"form.bank_account": "1", "correction_reason": "x"},
            "收款账户",
        ),
        ("case.verified", {"official_number": "N1"}, "N1"),
        ("case.checking_opened", {"checking.1": {"fields": ["phone", "main"]}}, "电话、主办件"),
    ],
)
def test_details(fact, fields, zh):
    assert timeline.sentence(fact, fields, actor="王", place="村").zh.endswith(zh)


def test_a_sentence_holds_nobodys_data():
    text = said("case.contact_corrected", phone="13800001111", address="某处")
    assert "13800001111" not in text.zh + text.en
    assert "某处" not in text.zh + text.en


def test_titles():
    assert timeline.title("case.withdrawn").en == "Withdrawn by the applicant"
    assert timeline.field_title("form.land").zh == "land"


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        ("name", "张三", "张*"),
        ("agent.name", "李小敏", "李*敏"),
        ("name", "", "*"),
        ("phone", "13812343210", "138****3210"),
        ("id_no", "411599194001010011", "411599********0011"),
        ("id_no", "1", "****"),
        ("address", "潢川县双柳树镇某村", "潢川县双柳树****"),
        ("form.bank_account", "6217000012341234", "****1234"),
        ("form.illness", "高血压", "****"),
        ("mood", "好", "****"),
        ("pickup", "station", "station"),
    ],
)
def test_masking_by_field(field, text, shown):
    assert masking.masked(field, text) == shown
