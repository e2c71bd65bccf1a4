"""What pages of a matter, of a case that two places share, and of files in and out show."""

from dataclasses import replace

from casework import crossing
from tests.browser import samples as s
from ui import pages as p

SYSTEM = "养老保险全国统筹系统"
MATTER = p.MatterPage(
    "身后一件事",
    "YJS-SHYJ:01KAJ5M3T9Q2W8X4Z6N7P0R1S5",
    "李*敏",
    "open",
    "民政局",
    (
        p.MatterPart(
            "L411599101201-01-261121-001-M",
            "养老保险注销登记及丧葬补助金申领",
            "人社局",
            "DECIDED_YES",
            "/page/case",
        ),
        p.MatterPart(
            "L411599101201-01-261121-002-A",
            "困难残疾人生活补贴和重度残疾人护理补贴",
            "民政局/残联",
            "DECIDED_NO",
            "/page/case",
        ),
        p.MatterPart(
            "L411599101201-01-261121-003-7",
            "户口登记项目变更(婚姻、文化程度、服务处所)",
            "公安局",
            "RECEIVED",
            "/page/case",
            waits=True,
        ),
    ),
    "/page/cases",
    due="2026-12-04",
    days_left=9,
    unpromised=1,
    mixed=True,
)
AT_STATION = replace(
    MATTER, parts=tuple(replace(one, print_url="/page/done") for one in MATTER.parts)
)
OUTSIDE = p.Outside(
    numbers=(p.OutsideNumber("豫事办统一受理", "YSB-2026-0001"),),
    to_enter=SYSTEM,
    receiving="幸福村便民服务站",
    handling="青河镇便民服务中心",
    duties=tuple(
        p.DutyLine(duty.step.zh, duty.receiving.zh, duty.handling.zh) for duty in crossing.DUTIES
    ),
)
SHARED_CASE = replace(
    s.CASE,
    outside=OUTSIDE,
    related=(
        p.Link("同一件事的全部办件", "/page/matter"),
        p.Link("上一次申请:L411599101201-01-261103-002-K", "/page/case"),
    ),
)
SLIP = p.CasesPage(
    "/page/cases",
    (),
    0,
    s.NOW,
    query="L411599101201-01-261121-002-M",
    clear_url="/page/cases",
    miscopied=True,
    near=(p.Link("L411599101201-01-261121-001-M", "/page/case"),),
)
EXCHANGE = p.ExchangePage(
    "/post",
    "/post",
    1_204,
    8_812,
    may_see=True,
    formats=(p.Option("jsonl", "给程序读的(JSON Lines)"), p.Option("csv", "表格(CSV)")),
    to_enter=(
        p.ToEnterRow(
            "411599DEMO-SB-0520261121 0001".replace(" ", ""),
            "李*敏",
            "养老保险注销登记及丧葬补助金申领",
            SYSTEM,
            s.NOW - s.DAY,
            "/page/case",
        ),
    ),
)
EXCHANGE_READ = replace(
    EXCHANGE,
    waiting=0,
    to_enter=(),
    may_see=False,
    done=("读进来38行。", "有2行以前读过。"),
    refused=(
        p.RefusedLine(7, ("没有编号 豫000 的办件。核对编号。",)),
        p.RefusedLine(12, ("时间要写明时区。例如 2026-11-21T09:40:00+08:00。",)),
    ),
)
EXCHANGE_WRONG = replace(
    EXCHANGE,
    errors=(
        p.FieldError("/purpose", "做什么用", "写明用途，2到200个字。例如：报省统一受理平台。"),
    ),
)
STATION = {
    "matter": ("matter.html", AT_STATION),
    "case-shared": ("case.html", SHARED_CASE),
    "cases-slip": ("cases.html", SLIP),
}
HUB = {
    "matter": ("matter.html", MATTER),
    "case-shared": ("case.html", SHARED_CASE),
    "cases-slip": ("cases.html", SLIP),
    "exchange": ("exchange.html", EXCHANGE),
    "exchange-read": ("exchange.html", EXCHANGE_READ),
    "exchange-wrong": ("exchange.html", EXCHANGE_WRONG),
}
