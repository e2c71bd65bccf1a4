"""What the station's pages show in the gallery."""

from dataclasses import replace

import segno

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


ITEMS = (
    p.ItemHit("高龄津贴申领", "DEMO-YL-01", "entrusted", 15, True, "/page/item"),
    p.ItemHit("城乡居民基本养老保险参保登记", "DEMO-SB-01", "entrusted", 0, False, "/page/item"),
    p.ItemHit("最低生活保障审核确认", "DEMO-JZ-01", "proxy", 20, True, "/page/item"),
    p.ItemHit("居民身份证到期换领", "DEMO-HJ-03", "", 20, True, "/page/item"),
)
DRAFT = p.DraftLine(
    "王*芳",
    "城乡居民基本养老保险参保登记",
    "材料",
    s.NOW - 3 * s.MINUTE,
    "/page/materials",
    missing=("户口簿",),
    errors=1,
)
HOME = p.HomePage(
    search_url="/page/home",
    only_here=p.OnlyHere(12, 31, s.NOW - 3 * s.DAY, "/page/upload"),
    frequent=ITEMS,
    drafts=(DRAFT, p.DraftLine("", "老年人优待证", "人", s.NOW - s.DAY, "/page/person")),
    todos=(
        p.TodoLine(
            "李*国",
            "高龄津贴申领",
            "correction",
            "2026-11-20",
            -1,
            "/page/case",
            p.Link("打电话", "/page/case"),
        ),
        p.TodoLine(
            "陈*生",
            "困难残疾人生活补贴和重度残疾人护理补贴",
            "papers_missing",
            "2026-11-23",
            1,
            "/page/case",
            p.Link("补交材料", "/page/case"),
        ),
        p.TodoLine(
            "周*兰",
            "耕地地力保护补贴申报",
            "hand_over",
            "2026-11-25",
            3,
            "/page/case",
            p.Link("转交", "/page/case"),
        ),
    ),
    deliveries=(
        p.DeliveryLine(
            "张*英",
            "老年人优待证",
            "优待证1本",
            s.NOW - 2 * s.DAY,
            "/page/case",
            p.Link("送达", "/page/case"),
        ),
    ),
    notices=(p.Link("高龄津贴不再要照片(目录第3版)", "/page/item"),),
)
EMPTY_HOME = p.HomePage(
    search_url="/page/home",
    only_here=p.OnlyHere(0, 0, None, "/page/upload"),
    next_due="2026-11-24",
    next_due_item="高龄津贴申领",
    frequent=ITEMS[:2],
)
RESULTS = replace(
    HOME,
    query="老年",
    items=ITEMS[:2],
    cases=(
        p.CaseHit(s.NUMBER, "李*国", "高龄津贴申领", "ACCEPTED_DEF", "local", "/page/case"),
        p.CaseHit(
            "L411526101201-01-261118-001-2",
            "张*英",
            "老年人优待证",
            "READY",
            "received",
            "/page/case",
        ),
    ),
)
ITEM = p.ItemPage(
    steps=steps(0),
    code="DEMO-YL-01",
    name="高龄津贴申领",
    department="民政局",
    who_may="户口在本县、满80周岁的老人",
    mode="entrusted",
    promised_days=15,
    statutory_days=30,
    papers=(
        p.ItemPaper(1, "高龄津贴申请表", "required", "original", 1, "站里有空表"),
        p.ItemPaper(2, "居民身份证", "required", "copy", 1, "看原件"),
        p.ItemPaper(3, "户口簿", "required", "shared", 0, "县里能调到"),
        p.ItemPaper(4, "银行卡", "deferrable", "copy", 1),
        p.ItemPaper(5, "一寸照片", "optional", "original", 2),
    ),
    catalogue_version=3,
    catalogue_date="2026-11-01",
    action="/post",
    notice_url="/page/print-notice",
    back_url="/page/home",
    deficiency_allowed=True,
    special_steps=("公示7天",),
    phone="0376-000 1234",
    complaint_phone="12345",
    changed_note="从11月1日起不用交照片。",
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
    values={"applicant.kind": "natural"},
    applicant_kinds=("natural", "legal"),
    divisions=s.OPTIONS,
    pickups=s.PICKUPS,
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
)
PERSON_ERRORS = replace(
    PERSON,
    values=VALUES,
    read_back=p.IdReadBack("1940-01-01", False, 86),
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
    p.PaperRow(1, "高龄津贴申请表", "required", ALL_FORMS, form="original"),
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
MISSING = (p.MissingPaper("银行卡", "2026-12-04", "哪个站都能交"),)
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
REFUSED = replace(
    CHECK,
    kind=p.IntakeKind.ACCEPTED,
    refusal="缺 户口簿(必要),今天不能受理。可以打印告知单,或者存草稿。",
    actions=(p.Link("打印一次性告知单", "/page/print-notice"),),
    missing=(),
    errors=(),
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
ROW = p.UploadRow
UPLOAD = p.UploadPage(
    here_url="/page/upload",
    retry_url="/post",
    check_url="/post",
    waiting=7,
    received_today=4,
    failed=1,
    checking=0,
    rows=(
        ROW(
            "…261120-003-7",
            "陈*生",
            "困难残疾人生活补贴和重度残疾人护理补贴",
            "refused",
            s.NOW - s.DAY,
            "/page/case",
            cause="县里没收下:缺“受托人电话”。补上就会再传。",
            who_can_fix="您自己",
            action=p.Link("去补填", "/page/person"),
        ),
        ROW("…261121-007-K", "李*国", "高龄津贴申领", "sending", s.NOW, "/page/case"),
        ROW("…261121-008-M", "王*芳", "城乡居民基本养老保险参保登记", "local", s.NOW, "/page/case"),
        ROW(
            "…261118-001-2",
            "张*英",
            "老年人优待证",
            "received",
            s.NOW - 2 * s.MINUTE,
            "/page/case",
            official_number="411526DEMO-YL-02202611210003",
        ),
    ),
    sending=p.Sending(5, 12, 3_250_000, 8_800_000, 95),
    stalled="县里服务器没回应。",
    retry_at=s.NOW + 5 * s.MINUTE,
    last_receipt=s.NOW - 2 * s.MINUTE,
    last_contact=s.NOW - 2 * s.MINUTE,
    hops=(
        p.Hop("这台电脑到路由器", p.HopState.OK),
        p.Hop("路由器到乡镇", p.HopState.OK, "用了0.2秒"),
        p.Hop("乡镇到县里", p.HopState.FAILED, "等了10秒没有回应"),
        p.Hop("县里的证书", p.HopState.NOT_TRIED),
    ),
    export_url="/post",
    import_url="/post",
    days_offline=3,
    day_sheet=p.DaySheet(9, 7, 2, "/post"),
)
UPLOAD_CLEAR = p.UploadPage(
    "/page/upload", "/post", "/post", 0, 9, 0, 0, (), last_receipt=s.NOW - 10 * s.MINUTE
)
CASES = p.CasesPage(
    "/page/cases",
    s.ROWS,
    43,
    s.NOW,
    facets=s.FACETS,
    pager=p.Pager("", "/page/cases", "/page/cases"),
    clear_url="/page/cases",
)
NO_CASES = replace(CASES, rows=(), total=0, query="不存在", facets=(), pager=p.Pager())
CASE = replace(
    s.CASE,
    checking=(
        p.OtherRecord("电话", "139****8876", "王秀兰", s.STATION, s.NOW - 3 * s.DAY, ours=True),
        p.OtherRecord("电话", "138****4321", "赵*", s.TOWN, s.NOW - 2 * s.DAY),
    ),
)
SIGN_IN = p.SignInPage(
    "/post",
    accounts=(p.Option("wang", "王秀兰", "代办员"), p.Option("li", "李志明", "代办员,站长")),
    ended=True,
)
SIGN_IN_WRONG = p.SignInPage(
    "/post",
    login="wang",
    wait_seconds=30,
    errors=(p.FieldError("/password", "密码", "登录名或密码不对。再输一次。"),),
)
PROBLEM = p.ProblemPage(
    500,
    "这页出了毛病,不是您的错",
    detail="再点一次多半就好。",
    where="受理 · 材料页",
    who_can_fix="县里管理员",
    next_steps=(p.Link("回到草稿", "/page/materials"), p.Link("回首页", "/page/home")),
    number="7F2K",
    phone="0376-000 1234",
    kept=True,
)


def _line(label, value, mark=""):
    return p.PrintLine(label, value, mark)


RECEIPT = p.PrintPage(
    paper=p.Paper.ROLL80,
    title="受理回执",
    heading="潢川县 双柳树镇幸福村便民服务站",
    number=s.NUMBER,
    sections=(
        p.PrintSection(
            "",
            (
                _line("事项", "高龄津贴申领"),
                _line("申请人", "李*国 证件末四位 0011"),
                _line("代办人", "李*芳(有授权委托书)"),
            ),
        ),
        p.PrintSection(
            "已收",
            (_line("", "申请表 原件 × 1", "√"), _line("", "身份证 复印件 × 1", "√")),
        ),
        p.PrintSection("还缺", (_line("", "银行卡,12月4日(星期五)前补来", "□"),)),
        p.PrintSection("", (_line("承诺", "15个工作日,到12月11日止"),)),
    ),
    copies=("申请人", "存档"),
    printed_at=s.NOW,
    handler="王秀兰",
    back_url="/page/done",
    numbered=False,
    qr_svg=segno.make("L411526101201261121007K", micro=False).svg_inline(scale=4, omitsize=True),
    phone="0376-000 1234",
    complaint_phone="12345",
    reprint=1,
    offline=True,
)
NOTICE = replace(
    RECEIPT,
    paper=p.Paper.A5,
    title="一次性告知单",
    numbered=True,
    copies=("申请人",),
    reprint=0,
    closing=("除上面写的,不再要别的材料。",),
)
PROMISE = replace(
    NOTICE,
    paper=p.Paper.A4,
    title="容缺受理承诺书",
    intro="本人申请办理高龄津贴申领,主要材料已经交齐,下面的材料承诺按时补来。",
    signatures=("申请人", "经办人"),
    thumb_print=True,
    copies=("申请人", "存档"),
)

PAGES = {
    "home": ("home.html", HOME),
    "home-quiet": ("home.html", EMPTY_HOME),
    "home-power-cut": (
        "home.html",
        replace(HOME, interrupted=DRAFT, later_url="/page/home"),
    ),
    "home-results": ("home.html", RESULTS),
    "home-nothing": ("home.html", replace(RESULTS, items=(), cases=(), query="马戏团")),
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
    "done": ("intake/done.html", DONE),
    "upload": ("upload.html", UPLOAD),
    "upload-clear": ("upload.html", UPLOAD_CLEAR),
    "cases": ("cases.html", CASES),
    "cases-none": ("cases.html", NO_CASES),
    "case": ("case.html", CASE),
    "sign-in": ("auth/sign_in.html", SIGN_IN),
    "sign-in-wrong": ("auth/sign_in.html", SIGN_IN_WRONG),
    "unlock": ("auth/unlock.html", p.UnlockPage("/post", spooled=3)),
    "problem": ("problem.html", PROBLEM),
    "print-receipt": ("documents/print.html", RECEIPT),
    "print-notice": ("documents/print.html", NOTICE),
    "print-promise": ("documents/print.html", PROMISE),
}
