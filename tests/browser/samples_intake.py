"""The four pages of an intake in the gallery."""

from dataclasses import replace

from tests.browser import samples as s
from ui import pages as p


def steps(current):
    labels = ("事项", "人", "材料", "核对")
    states = [p.StepState.DONE] * current + [p.StepState.CURRENT]
    states += [p.StepState.AHEAD] * (3 - current)
    return tuple(
        p.Step(label, "" if state == "ahead" else "/page/item", state)
        for label, state in zip(labels, states, strict=True)
    )


ITEM = p.ItemPage(
    steps=steps(0),
    code="DEMO-YL-01",
    name="高龄津贴申领",
    department="民政局",
    who_may="个人",
    mode="entrusted",
    promised_days=15,
    statutory_days=30,
    papers=(
        p.ItemPaper(
            *(1, "高龄津贴申请表", "required", "original", 1, "站里有空表"),
            asked="原件1份",
            criteria="填写完整,本人签名",
            sample="窗口有填好的样张",
        ),
        p.ItemPaper(2, "居民身份证", "required", "copy", 1, "看原件"),
        p.ItemPaper(3, "户口簿", "spared", "shared", 0, "县里能调到,没带也行"),
        p.ItemPaper(4, "银行卡", "deferrable", "copy", 1),
        p.ItemPaper(5, "一寸照片", "optional", "original", 2),
    ),
    catalogue_version=3,
    catalogue_date="2026-11-01",
    action="/post",
    notice_url="/page/print-notice",
    back_url="/page/home",
    deficiency_allowed=True,
    special_steps=("公示,7个工作日",),
    consult="县政务服务中心民政局窗口,电话0376-000 1234",
    complain="12345",
    further=(p.Link("只是来问的:登记首问", "/page/asked"),),
    changed_note="从11月1日起不用交照片。",
    read_url="/post",
    kind="benefit",
    conditions=("年满80周岁", "户口在本县", "没有领同类的津贴"),
    common_errors=("银行卡不是老人本人的", "年龄按虚岁算"),
    flow=("窗口或者代办员收材料", "核对后受理,给凭证", "民政局审核、决定"),
    result="高龄津贴审核表",
    result_sample="窗口有结果样张",
    sample="窗口有填好的样张",
    place_and_hours="村便民服务站,周一至周五 8:30—12:00",
)
VALUES = {
    "applicant.kind": "natural",
    "applicant.id_no": "41159919400101001",
    "applicant.name": "李建国",
    "applicant.phone": "138 0000 1234",
    "applicant.division": "411526101201",
    "agent.present": "agent",
    "agent.name": "李小芳",
    "agent.relation": "child",
    "pickup": "station",
}
PERSON = p.PersonPage(
    steps=steps(1),
    action="/post",
    back_url="/page/item",
    item="高龄津贴申领",
    values={"applicant.kind": "natural", "applicant.id_no": "411599194001010011"},
    applicant_kinds=("natural", "legal"),
    divisions=s.OPTIONS,
    pickups=s.PICKUPS,
    handlings=(p.Option("411526102000", "伞陂镇"), p.Option("411526103000", "卜塔集镇")),
    questions=(
        p.FormField(
            "form.bank_account", "银行卡号", hint="照卡抄,19位。", required=False, width=20
        ),
        p.FormField(
            "form.household",
            "家里情况",
            p.FieldKind.CHECKBOXES,
            options=(p.Option("low", "低保户"), p.Option("alone", "一个人住")),
            required=False,
        ),
    ),
    saved_at=s.NOW - s.MINUTE,
    read_back=p.IdReadBack("1940-01-01", female=False, age=86),
    known=p.KnownPerson(
        (("姓名", "李*国"), ("电话", "138****1234"), ("门牌或组", "三组12号")),
        s.NOW - 90 * s.DAY,
    ),
)
FIRM = replace(
    PERSON,
    item="创业担保贷款资格审核",
    values={"applicant.kind": "legal", "applicant.uscc": "91350203M0001QAY9B"},
    applicant_kinds=("legal",),
    read_back=None,
    known=None,
    questions=(),
    warnings=("统一社会信用代码的校验码对不上。看一下执照,对得上就照样办。",),
    errors=(
        p.FieldError("/applicant/stands_id_no", "法定代表人身份证号", "身份证号少1位,现在是17位。"),
    ),
)
RARE = replace(
    PERSON,
    known=None,
    errors=(
        p.FieldError("/applicant/rare", "打不出来的字", "“XYZ”不是汉字的编码,要像 4DAE 这样。"),
    ),
)
PERSON_ERRORS = replace(
    PERSON,
    values=VALUES,
    errors=(
        p.FieldError(
            "/applicant/id_no", "身份证号", "身份证号少1位,现在是17位。对照身份证再看一遍。"
        ),
        p.FieldError("/agent/id_no", "代办人身份证号", "代办人身份证号还没有填。"),
        p.FieldError("/duplicate/choice", "怎么办", "选一下:接着办那一件,还是另一件。"),
    ),
    duplicate=p.Duplicate(
        current=(
            ("办什么", "高龄津贴申领"),
            ("谁", "李建国 411599********0011"),
            ("在哪里", s.STATION),
        ),
        existing=(
            p.ExistingCase(
                s.NUMBER,
                "高龄津贴申领",
                "李*国",
                "411599********0011",
                "双柳树镇 农商银行网点",
                s.NOW - 3 * s.DAY,
                "RECEIVED",
                "/page/case",
            ),
        ),
        compared_until=s.NOW - 2 * s.DAY,
        reasons=(p.Option("renewal", "上次没办成,重新办"), p.Option("other", "给另一个人办")),
    ),
)
ALL_FORMS = ("original", "copy", "electronic")
PAPERS = (
    p.PaperRow(
        1,
        "高龄津贴申请表",
        "required",
        ALL_FORMS,
        form="original",
        criteria="填写完整,本人签字",
        sample="柜台3号夹",
        defect="irregular",
        cure="第3栏写全名",
    ),
    p.PaperRow(
        2,
        "居民身份证",
        "required",
        ALL_FORMS,
        form="copy",
        original_seen=True,
        photos=(s.PHOTO, s.PHOTO),
        photo_note="照片有点暗。到窗边再拍一张,或者就用这张(会注明)。",
    ),
    p.PaperRow(3, "户口簿", "required", (*ALL_FORMS, "shared"), form="shared"),
    p.PaperRow(
        4,
        "银行卡",
        "deferrable",
        ALL_FORMS,
        hint="可以后补。",
        reused="01HX:4",
        earlier=(p.Option("a1", "刚才办养老保险时拍的银行卡"),),
    ),
)
MATERIALS = p.MaterialsPage(
    steps(2),
    "/post",
    "/page/person",
    "高龄津贴申领",
    "李建国",
    PAPERS,
    errors=(p.FieldError("/materials/2/copies", "居民身份证", "份数要是数字,比如 1。"),),
    saved_at=s.NOW,
)
MISSING = (p.MissingPaper("银行卡", "2026-12-04", "本站或所属乡镇"),)
CHECK = p.CheckPage(
    steps=steps(3),
    action="/post",
    back_url="/page/materials",
    item="高龄津贴申领",
    kind=p.IntakeKind.ACCEPTED_DEFICIENT,
    sections=(
        p.SummarySection(
            "申请人",
            (
                p.SummaryRow("身份证号", "411599 19400101 0011", "/page/person"),
                p.SummaryRow("姓名", "李建国", "/page/person"),
                p.SummaryRow("电话", "13800001234", "/page/person"),
                p.SummaryRow("门牌或组", "", "/page/person"),
                p.SummaryRow("谁到场", "女儿李小芳代办", "/page/person"),
            ),
        ),
        p.SummarySection(
            "材料",
            (
                p.SummaryRow("高龄津贴申请表", "原件 × 1", "/page/materials"),
                p.SummaryRow("居民身份证", "复印件 × 1,看过原件", "/page/materials"),
                p.SummaryRow("银行卡", "缺,可以后补", "/page/materials", missing=True),
            ),
        ),
    ),
    once="01HX",
    promised_days=15,
    due="2026-12-11",
    missing=MISSING,
    commitments=(
        p.Option("commitment.deficiency", "申请人承诺按时补来;逾期没补,算撤回申请"),
        p.Option("commitment.read_aloud", "已经念给申请人听过"),
    ),
    errors=(
        p.FieldError("/commitment/deficiency", "承诺", "申请人还没有承诺补交。念给他听,再勾上。"),
    ),
    saved_at=s.NOW,
)
PROMISED = replace(
    CHECK,
    kind=p.IntakeKind.ACCEPTED,
    terms=(
        "居住材料由申请人承诺代替,部门事后核查。",
        "承诺不实的,要限期整改;整改不了,撤销决定,记入信用记录。",
        "不想承诺也行,把材料补来,照一般办法办。",
    ),
    commitments=(p.Option("commitment.promise", "申请人承诺符合条件,内容属实,不实愿担责任"),),
    warnings=("“身份证”收了复印件,没有核对原件。有原件就拿来看一下;没带就照样办,会记下来。",),
    missing=(),
    errors=(),
    may_doubt=True,
)
REFUSED = replace(
    CHECK,
    kind=p.IntakeKind.ACCEPTED,
    refusal="缺 户口簿(必要),今天不能受理。可以打印告知单,或者存草稿。",
    actions=(p.Link("打印一次性告知单", "/page/print-notice"),),
    missing=(),
    errors=(p.FieldError("/commitment/doubt", "哪里不符合条件", "写一句哪里不符合条件。"),),
    points=("高龄津贴申请表:填写不规范", "户口簿:没有交来"),
    may_doubt=True,
    doubt=" ",
)
DONE = p.DonePage(
    number=s.NUMBER,
    kind=p.IntakeKind.ACCEPTED_DEFICIENT,
    item="高龄津贴申领",
    applicant="李*国",
    at=s.NOW,
    transport="local",
    due="2026-12-11",
    missing=MISSING,
    documents=s.PRINTS,
    to_sign=("容缺受理承诺书", "委托书"),
    phone="0376-000 1234",
    case_url="/page/case",
    next_url="/page/home",
)
PAGES = {
    "item": ("intake/item.html", ITEM),
    "item-refused": (
        "intake/item.html",
        replace(ITEM, refusal="本站不办这一项。到双柳树镇便民服务中心办。", mode=""),
    ),
    "person": ("intake/person.html", PERSON),
    "person-errors": ("intake/person.html", PERSON_ERRORS),
    "materials": ("intake/materials.html", MATERIALS),
    "check": ("intake/check.html", CHECK),
    "check-refused": ("intake/check.html", REFUSED),
    "check-promised": ("intake/check.html", PROMISED),
    "person-firm": ("intake/person.html", FIRM),
    "person-rare": ("intake/person.html", RARE),
    "done": ("intake/done.html", DONE),
    "done-correction": ("intake/done.html", replace(DONE, kind=p.IntakeKind.CORRECTION, due="")),
}
