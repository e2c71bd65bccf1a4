"""Invented people and cases for the gallery: what both apps' pages show."""

from ui import pages as p

NOW = 1795225260000  # 2026-11-21 09:41 in Shanghai
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
STATION = "双柳树镇 幸福村便民服务站"
TOWN = "双柳树镇便民服务中心"
NUMBER = "L411526101201-01-261121-007-K"

NAV_STATION = (
    p.NavLink("首页", "/page/home", current=True),
    p.NavLink("办件", "/page/cases"),
    p.NavLink("上传情况", "/page/upload", count=12),
)
NAV_HUB = (
    p.NavLink("办件", "/page/cases", current=True),
    p.NavLink("核对", "/page/conflicts", count=5),
    p.NavLink("站点", "/page/stations", count=2),
)
CHIP = p.LinkChip(p.LinkState.OFFLINE, "/page/upload", waiting=12, poll_url="/chip")
STATION_FRAME = p.Frame(
    place=STATION,
    county="潢川县",
    home_url="/page/home",
    now=NOW,
    person=p.Person("王秀兰", "helper", "/post"),
    nav=NAV_STATION,
    link=CHIP,
    last_receipt=NOW - 2 * DAY + 7 * HOUR,
    hotline="0376-000 1234",
)
HUB_FRAME = p.Frame(
    place="潢川县便民服务中心",
    county="",
    home_url="/page/cases",
    now=NOW,
    person=p.Person("赵敏", "reconciler", "/post"),
    nav=NAV_HUB,
    at_station=False,
)
LOCKED_FRAME = p.Frame(
    place=STATION, county="潢川县", home_url="/page/home", now=NOW, receipts_known=False
)


def clock(days, *, county=True, skew=None):
    at = NOW - days * DAY
    return p.Clock(at, at + 3 * HOUR if county else None, skew)


SLOW = -28 * MINUTE
PHOTO = p.Photo("银行卡复印件,第1张", "/post", "/paper.svg")
OPTIONS = (p.Option("411526101201", "幸福村"), p.Option("411526101202", "双柳树村"))
PICKUPS = (
    p.Option("station", "到站里来拿"),
    p.Option("visit", "送到家"),
    p.Option("mail", "邮寄", "邮费自己出"),
)
PHONE_FIELD = p.FormField("phone", "新电话", width=15, required=False)
REASON_FIELD = p.FormField("reason", "原因", p.FieldKind.TEXTAREA, required=False)
PAPER_FORMS = (p.Option("original", "原件"), p.Option("copy", "复印件"))

ACTS = (
    p.ActForm(
        "add_material",
        "补交材料",
        "/post",
        "收下这份材料",
        hint="纸收到了就记,照片可以晚点拍。",
        opened=True,
        uploads=True,
        fields=(
            p.FormField(
                "no",
                "哪一份",
                p.FieldKind.SELECT,
                options=(p.Option("4", "银行卡"), p.Option("5", "照片")),
            ),
            p.FormField("form", "收到的是", p.FieldKind.RADIOS, options=PAPER_FORMS),
            p.FormField("copies", "几份", p.FieldKind.NUMBER, "1", width=4),
            p.FormField("photo", "拍照", p.FieldKind.FILE, required=False),
        ),
    ),
    p.ActForm(
        "correct_contact",
        "改联系方式",
        "/post",
        "改好了",
        fields=(
            PHONE_FIELD,
            p.FormField("address", "新地址", required=False),
            p.FormField(
                "said_by",
                "谁说的",
                p.FieldKind.RADIOS,
                options=(p.Option("applicant", "本人"), p.Option("helper", "我听说的")),
            ),
        ),
    ),
    p.ActForm("withdraw", "撤回申请", "/post", "撤回", fields=(REASON_FIELD,)),
    p.ActForm(
        "hand_over",
        "把纸材料交到乡镇",
        "/post",
        "交出",
        fields=(p.FormField("bag", "袋号", width=15),),
    ),
    p.ActForm(
        "deliver",
        "把结果交给本人",
        "/post",
        "已经交到手",
        fields=(
            p.FormField("proof", "凭证", hint="看过身份证末四位和人,写签字或手印。"),
            p.FormField("checked", "看过证件", p.FieldKind.CHECKBOX),
        ),
        errors=(p.FieldError("/proof", "凭证", "还没有写凭证。写“本人签字”或拍照。"),),
    ),
)
FIELDS = (
    p.FieldLine("姓名", (p.FieldValue("李*国", "王秀兰", STATION, clock(3, skew=SLOW)),)),
    p.FieldLine(
        "电话",
        (
            p.FieldValue("139****8876", "王秀兰", STATION, clock(3, skew=SLOW)),
            p.FieldValue("138****4321", "赵*", TOWN, clock(2)),
        ),
    ),
    p.FieldLine("银行卡号", undisclosed=True),
    p.FieldLine(
        "取件方式",
        (p.FieldValue("到站里来拿", "王秀兰", STATION, clock(3, county=False)),),
        settled="person",
    ),
    p.FieldLine("门牌或组"),
)
MATERIALS = (
    p.MaterialLine(1, "高龄津贴申请表", "required", "original", 1),
    p.MaterialLine(2, "居民身份证", "required", "copy", 1, original_seen=True, photos=(PHOTO,)),
    p.MaterialLine(3, "户口簿", "required", "shared"),
    p.MaterialLine(4, "银行卡", "deferrable", by="2026-12-04"),
)
TIMELINE = (
    p.TimelineEntry(
        NOW - 2 * DAY,
        "更正联系方式",
        "赵*",
        TOWN,
        clock(2),
        (p.Change("电话", "138****1234", "138****4321"),),
        note="回访时本人说的",
    ),
    p.TimelineEntry(
        NOW - 3 * DAY,
        "容缺受理",
        "王秀兰",
        STATION,
        clock(3, skew=SLOW),
        transport="received",
    ),
    p.TimelineEntry(NOW - 3 * DAY - HOUR, "填写申请", "王秀兰", STATION, clock(3, skew=SLOW)),
)
PRINTS = (
    p.PrintLink("受理回执", "/page/print-receipt", main=True),
    p.PrintLink("一次性告知单", "/page/print-notice"),
    p.PrintLink("容缺受理承诺书", "/page/print-promise"),
)
CASE = p.CasePage(
    number=NUMBER,
    item="高龄津贴申领",
    applicant="李*国",
    state="ACCEPTED_DEF",
    transport="county_checking",
    station=STATION,
    received_at=NOW - 3 * DAY,
    back_url="/page/cases",
    official_number="411526DEMO-YL-01202611210001",
    department="民政局",
    flags=("PROVISIONAL", "HOLD"),
    due="2026-11-24",
    days_left=2,
    clock_note="从受理那天算",
    fields=FIELDS,
    materials=MATERIALS,
    timeline=TIMELINE,
    acts=ACTS,
    documents=PRINTS,
    catalogue_version=3,
)
ROWS = (
    p.CaseRow(
        NUMBER,
        "李*国",
        "高龄津贴申领",
        "ACCEPTED_DEF",
        "county_checking",
        NOW - 3 * DAY,
        "/page/case",
        due="2026-12-04",
        days_left=9,
        conflicts=1,
    ),
    p.CaseRow(
        "L411526101201-01-261121-008-M",
        "王*芳",
        "城乡居民基本养老保险参保登记",
        "ACCEPTED",
        "local",
        NOW - 40 * MINUTE,
        "/page/case",
        due="2026-11-21",
        days_left=0,
    ),
    p.CaseRow(
        "L411526101201-01-261120-003-7",
        "陈*生",
        "困难残疾人生活补贴和重度残疾人护理补贴",
        "RECEIVED",
        "refused",
        NOW - DAY,
        "/page/case",
    ),
    p.CaseRow(
        "L411526101201-01-261118-001-2",
        "张*英",
        "老年人优待证",
        "READY",
        "received",
        NOW - 5 * DAY,
        "/page/case",
        due="2026-11-19",
        days_left=-2,
    ),
    p.CaseRow(
        "L411526101201-01-261117-002-9",
        "欧**敏",
        "就业登记",
        "DELIVERED",
        "in_custody",
        NOW - 6 * DAY,
        "/page/case",
    ),
)
FACETS = (
    p.Facet(
        "办到哪里",
        (
            p.FacetOption("已受理", 18, "/page/cases"),
            p.FacetOption("容缺受理", 4, "/page/cases", selected=True),
            p.FacetOption("待取件", 2, "/page/cases"),
        ),
    ),
    p.Facet(
        "数据到哪里",
        (
            p.FacetOption("只在本机", 12, "/page/cases"),
            p.FacetOption("县里已收到", 31, "/page/cases"),
        ),
    ),
)
