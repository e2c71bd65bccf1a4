"""What stands on the printed documents."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework import papers
from casework.catalogue import Guide
from casework.documents import (
    KINDS,
    OF_A_CASE,
    DocumentKind,
    Sheet,
    StationCard,
    qr_text,
    receipt_sign,
)
from casework.values import day_of
from casework.workdays import Due
from fixtures.builders import agent, case_document, person, sample_item, seeded
from fixtures.desks import COUNTY, NOON, TOWNSHIP, VILLAGE, CaseLog
from fixtures.printed import WHO as WHOLE
from fixtures.printed import decided, every, sheet

WHO, AGENT = person(seeded(5)), person(seeded(6))
CARD = StationCard(name="双柳树村便民服务站", code=VILLAGE.code, hotline="0376-3912345")


def sheet_of(log, **more):
    return Sheet(
        case=log.case,
        **({"station": CARD, "item": log.item, "number": "N1"} | more),
        handler=("王秀兰", "H1"),
        printed_at=NOON,
    )


def printed(kind, log, **more):
    return papers.build(kind, sheet_of(log, **more))


def taken(code, **more):
    log = CaseLog(sample_item(code))
    log.take_in(case_document(WHO, log.item, **more))
    return log


def words(document):
    lines = [*document.head, *document.foot, *(x for s in document.sections for x in s.lines)]
    texts = [t.zh for s in document.sections for t in (s.title, *s.paragraphs)]
    return "\n".join([f"{x.label.zh}：{x.value.zh}" for x in lines] + texts)


def deficient():
    return taken("DEMO-YL-01", leave_out=(4, 5), commitment={"deficiency": True})


@pytest.mark.req("R-ZH-21e")
def test_receipt_of_an_acceptance():
    text = words(printed(DocumentKind.RECEIPT, taken("DEMO-SB-01")))
    for expected in (
        "种类：受理",
        "承诺办结日期：2026年11月25日（星期三）",
        "受理时间：2026年11月21日（星期六） 12:00",
        "参保登记表：原件×1",
        "身份证：复印件×1（已核原件）",
        "取件方式：到站领取",
        "办件编号：L411526101201-01-261121-001-",
        "离线打印",
    ):
        assert expected in text
    assert WHO.id_no not in text
    assert WHO.name not in text


def test_receipt_of_papers_only_says_that_no_clock_runs():
    text = words(printed(DocumentKind.RECEIPT, taken("DEMO-JZ-01")))
    assert "种类：收件" in text
    assert "本单为收件凭证，受理时间以乡镇/县级中心受理为准。" in text
    assert "承诺办结日期" not in text


@pytest.mark.req("R-HC-28c")
def test_deficiency_promise_names_papers_deadline_and_consequence():
    log = deficient()
    text = words(printed(DocumentKind.DEFICIENCY_PROMISE, log))
    assert "银行卡：未交" in text
    assert "照片：未交" in text
    assert "补交期限：2026年11月27日（星期五）" in text
    assert "逾期视为撤回申请。" in text
    receipt = words(printed(DocumentKind.RECEIPT, log))
    assert "种类：容缺受理" in receipt
    assert "银行卡：未交" in receipt


@pytest.mark.req("R-ZH-14a")
@pytest.mark.req("R-NX-23b")
def test_one_time_notice_tells_everything_once():
    text = words(printed(DocumentKind.ONE_TIME_NOTICE, taken("DEMO-JZ-01", leave_out=(1,))))
    for expected in (
        "申请书：未交",
        "申请书：必要",
        "申请书：必要；",
        "入户调查：最多",
        "公示（7天）：最多",
        "承诺时限：20个工作日",
        "法定时限：30个工作日",
        "费用：不收费",
    ):
        assert expected in text


@pytest.mark.req("R-NX-29e")
def test_entrustment_states_both_persons_in_full_with_powers_to_tick():
    log = taken("DEMO-SB-01", agent=agent(AGENT, entrustment=False))
    text = words(printed(DocumentKind.ENTRUSTMENT, log))
    for expected in (WHO.name, WHO.id_no, AGENT.name, AGENT.id_no, "□ 代为撤回申请", "我同意"):
        assert expected in text


def test_entrustment_to_the_helper_leaves_his_number_to_be_written():
    text = words(printed(DocumentKind.ENTRUSTMENT, taken("DEMO-JZ-01")))
    assert "受托人：王秀兰" in text
    assert "证件号码：\n" in text


def test_withdrawal_lists_what_goes_back():
    log = taken("DEMO-SB-01")
    log.act("withdraw", {"reason": "搬走了"}, VILLAGE)
    text = words(printed(DocumentKind.WITHDRAWAL, log))
    assert "撤回时间：2026年11月21日（星期六） 12:00" in text
    assert "原因（可不写）：搬走了" in text
    assert "如已作出决定，则转由部门处理。" in text
    assert "参保登记表：原件×1" in text


@pytest.mark.req("R-ZH-34b")
@pytest.mark.req("R-ZH-36b")
def test_result_delivery_names_serials_limits_and_recipient():
    log = taken("DEMO-SB-01")
    log.act("decide", {"outcome": "yes"}, COUNTY)
    results = [{"name": "参保凭证", "serial": "A7"}]
    log.act("issue", {"to": TOWNSHIP.code, "results": results}, COUNTY)
    before = words(printed(DocumentKind.RESULT_DELIVERY, log))
    assert "领取人：\n" in before
    posted = {"to": "mail", "proof": "EMS123", "carrier": "邮政", "tracking_no": "EMS123"}
    log.act("deliver", posted, TOWNSHIP)
    places = ((TOWNSHIP.code, TOWNSHIP.name),)
    text = words(printed(DocumentKind.RESULT_DELIVERY, log, places=places))
    for expected in ("参保凭证：A7", "邮寄单号：EMS123", "领取人：邮寄", "凭证：EMS123"):
        assert expected in text


def test_offline_slip():
    text = words(printed(DocumentKind.OFFLINE_SLIP, taken("DEMO-SB-01")))
    assert "联网后生成正式编号，旧号可查。" in text
    assert "最迟答复：2026年11月25日（星期三）" in text
    received = words(printed(DocumentKind.OFFLINE_SLIP, taken("DEMO-JZ-01")))
    assert "最迟答复：乡镇收到材料后告知" in received


def test_both_numbers_stand_once_the_county_gave_its_own():
    log = taken("DEMO-SB-01")
    log.act("verify", {"official_number": "411526DEMO-SB-01202611210001"}, COUNTY)
    document = printed(DocumentKind.RECEIPT, log)
    assert document.case_number == "411526DEMO-SB-01202611210001"
    assert "原临时编号：L411526101201-01-261121-001-" in words(document)


def test_an_estimated_day_says_so():
    log = taken("DEMO-YB-03")
    log.act("accept", {}, TOWNSHIP)
    assert "以公布的节假日安排为准" not in words(printed(DocumentKind.RECEIPT, log))
    late = CaseLog(sample_item("DEMO-YL-01"))
    late.take_in(case_document(WHO, late.item))
    promise = next(n for n in late.case.values if n.startswith("promise."))
    late.heads[promise] = (
        late.heads[promise][0]._replace(value={"due": "2027-01-06", "estimated": True}),
    )
    assert "以公布的节假日安排为准" in words(printed(DocumentKind.RECEIPT, late))


@pytest.mark.parametrize("kind", sorted({*OF_A_CASE, DocumentKind.GUIDE, DocumentKind.FORM}))
def test_every_document_has_its_frame_in_both_languages(kind):
    document = printed(kind, deficient(), reprint=2, offline=False)
    fixed = KINDS[kind]
    assert (document.copies, document.signers, document.sealed) == (
        fixed.copies,
        fixed.signers,
        fixed.sealed,
    )
    assert document.sections
    assert document.title.zh != document.title.en
    assert all(section.title.en for section in document.sections)
    assert "补打第2次" in words(document)
    assert "离线打印" not in words(document)


def test_qr_holds_number_and_digest_and_nobodys_data():
    log = deficient()
    document = printed(DocumentKind.RECEIPT, log)
    number, digest = document.qr.split(".")
    assert number == log.case.text("temporary_number")
    assert bytes.fromhex(digest) == document.digest
    assert len(document.digest) == 8


def test_a_reprint_has_the_digest_of_the_first_print_and_other_words_another():
    log = deficient()
    first = printed(DocumentKind.RECEIPT, log)
    assert printed(DocumentKind.RECEIPT, log, reprint=1).digest == first.digest
    log.act("correct_contact", {"pickup": "mail"}, VILLAGE)
    assert printed(DocumentKind.RECEIPT, log).digest != first.digest


def test_qr_text_takes_eight_bytes():
    assert qr_text("L1-2", bytes(32)) == "L12." + "00" * 8


def test_a_number_of_another_make_is_printed_as_it_is():
    log = taken("DEMO-SB-01")
    head = log.heads["temporary_number"][0]
    log.heads["temporary_number"] = (head._replace(value="LOCAL-7"),)
    assert printed(DocumentKind.RECEIPT, log).case_number == "LOCAL-7"


@pytest.mark.req("R-HC-32a")
def test_a_fee_is_told_with_its_basis_and_nothing_else_is_charged():
    free = words(printed(DocumentKind.ONE_TIME_NOTICE, taken("DEMO-SB-01")))
    assert "费用：不收费" in free
    log = taken("DEMO-SB-01")
    charged = replace(log.item, guide=Guide(fee="每证10元", fee_basis="示例办法第9条"))
    text = words(papers.build(DocumentKind.ONE_TIME_NOTICE, sheet_of(log, item=charged)))
    assert "收费标准：每证10元" in text
    assert "收费依据：示例办法第9条" in text
    assert "不收费" not in text


def test_without_a_hotline_only_the_complaint_line_is_told():
    card = StationCard(name="双柳树村便民服务站", code=VILLAGE.code)
    text = words(printed(DocumentKind.RECEIPT, taken("DEMO-SB-01"), station=card))
    assert "咨询、监督电话：12345" in text
    assert "咨询电话：" not in text


def test_a_result_that_came_late_says_by_how_much():
    log = decided()
    late = sheet(log, due=Due(day_of(NOON) - timedelta(days=3), estimated=False))
    text = words(papers.build(DocumentKind.RESULT_DELIVERY, late))
    assert "是否按期：超过承诺日期3天" in text


def test_a_receipt_of_an_accepted_case_is_numbered_as_such():
    assert receipt_sign(taken("DEMO-SB-01").case) == "受"
    assert receipt_sign(taken("DEMO-JZ-01").case) == "收"


def test_no_slip_shows_a_whole_number_unless_it_needs_it():
    whole = {DocumentKind.INFORM_PROMISE, DocumentKind.ENTRUSTMENT, DocumentKind.PROXY_SERVICE}
    for kind, document in every().items():
        shown = WHOLE.id_no in words(document)
        assert shown == (kind in whole | {DocumentKind.WITHDRAWAL}), kind
        assert WHOLE.id_no not in document.qr
