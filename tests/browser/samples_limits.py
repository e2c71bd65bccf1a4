"""What the county's pages of time limits show in the gallery."""

from tests.browser import samples as s
from ui import pages as p

ALERTS = p.AlertsPage(
    rows=(
        p.AlertRow(
            "L411599101201-01-261121-001-M",
            "王*芳",
            "高龄津贴申领",
            "柳湾村便民服务站",
            "承诺时限",
            "red",
            "2026-11-20",
            -1,
            s.NOW - s.DAY,
            4,
            "/page/case",
        ),
        p.AlertRow(
            "L411599101201-01-261121-002-R",
            "李*",
            "个体工商户设立登记",
            "青河镇便民服务中心",
            "告知补正的时限",
            "yellow",
            "2026-11-24",
            1,
            s.NOW,
            0,
            "/page/case",
        ),
        p.AlertRow(
            "L411599101202-01-261121-003-K",
            "赵*强",
            "临时救助",
            "石桥村便民服务站",
            "转交材料",
            "blue",
            "2026-12-02",
            7,
            s.NOW,
            None,
            "/page/case",
        ),
    ),
    total=412,
    as_of=s.NOW,
    facets=(
        p.Facet(
            "多急",
            (
                p.FacetOption("红牌", 1, "/page/alerts", selected=True),
                p.FacetOption("预警", 1, "/page/alerts"),
                p.FacetOption("提示", 410, "/page/alerts"),
            ),
        ),
    ),
)
_NAMES = (p.Option("correction_days", "补正期限"), p.Option("deficiency_days", "容缺补交期限"))
_PLACES = (p.Option("411599000000", "豫溪县"), p.Option("411599101000", "青河镇"))
SETTINGS = p.SettingsPage(
    look_url="/page/settings",
    place="411599000000",
    places=_PLACES,
    rows=(
        p.SettingRow(
            "correction_days",
            "补正期限",
            "12个工作日",
            "青河镇",
            "青河镇便民服务实施细则第10条",
            "2026-11-01",
            ("2027年1月1日(星期五)起改成10个工作日",),
        ),
        p.SettingRow("deficiency_days", "容缺补交期限", "5个工作日", "", "", ""),
    ),
    calendar_source="国务院办公厅关于2026年部分节假日安排的通知（2025-11-04）",
    calendar_until="2026-12-31",
    days_off=(
        p.DayOff("2026-01-01", "2026-01-03", "元旦"),
        p.DayOff("2026-06-19", "2026-06-19", "端午节"),
    ),
    working=("2026-01-04",),
    credit_as_of="2026-11-10",
    credit_age=11,
    credit_old=True,
    credit=("失信12条。", "已修复3条。"),
    drafts=(
        p.DraftRow(
            "全县从2026年12月1日(星期二)起,补正期限改成10。",
            "实施细则第10条",
            "admin",
            "/post",
            "/post",
        ),
        p.DraftRow(
            "全县从2026年12月1日(星期二)起,差评首次答复改成3。", "实施细则第12条", "second", "/post"
        ),
    ),
    names=_NAMES,
    scopes=(p.Option("province", "全省"), p.Option("county", "全县"), *_PLACES[1:]),
    propose_url="/post",
    calendar_url="/post",
    credit_url="/post",
    done_note="已公布。站点下次联上就按新的算。",
)
LOOKING = p.SettingsPage(
    look_url="/page/settings",
    place="411599000000",
    places=_PLACES,
    rows=SETTINGS.rows[1:],
    calendar_source="",
    calendar_until="2026-12-31",
    days_off=(),
    working=(),
)
WRONG = p.SettingsPage(
    look_url="/page/settings",
    place="411599000000",
    places=_PLACES,
    rows=SETTINGS.rows,
    calendar_source="",
    calendar_until="2026-12-31",
    days_off=(),
    working=(),
    names=_NAMES,
    scopes=SETTINGS.scopes,
    values={"name": "correction_days", "value": "0", "scope": "county", "source": "", "first": ""},
    propose_url="/post",
    calendar_url="/post",
    credit_url="/post",
    errors=(
        p.FieldError("/value", "改成", "要在1到60之间。改一个数。"),
        p.FieldError("/source", "依据", "写明依据哪个文件第几条。"),
        p.FieldError("/credit", "整份名单", "第3行：证件号码不对。"),
    ),
)
PAGES = {
    "alerts": ("alerts.html", ALERTS),
    "alerts-none": ("alerts.html", p.AlertsPage((), 0, s.NOW)),
    "settings": ("settings.html", SETTINGS),
    "settings-looking": ("settings.html", LOOKING),
    "settings-wrong": ("settings.html", WRONG),
}
