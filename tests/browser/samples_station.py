"""What the station's pages show in the gallery."""

from dataclasses import replace

from tests.browser import samples as s
from tests.browser import (
    samples_counter,
    samples_intake,
    samples_matters,
    samples_movement,
    samples_papers,
    samples_township,
)
from ui import pages as p

ITEMS = (
    p.ItemHit(
        "高龄津贴申领", "DEMO-YL-01", "entrusted", 15, deficiency_allowed=True, url="/page/item"
    ),
    p.ItemHit(
        "城乡居民基本养老保险参保登记",
        "DEMO-SB-01",
        "entrusted",
        0,
        deficiency_allowed=False,
        url="/page/item",
    ),
    p.ItemHit(
        "最低生活保障审核确认", "DEMO-JZ-01", "proxy", 20, deficiency_allowed=True, url="/page/item"
    ),
    p.ItemHit(
        "居民身份证到期换领", "DEMO-HJ-03", "", 20, deficiency_allowed=True, url="/page/item"
    ),
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
    tiles=(
        p.CountTile("待转交", 7, "/page/handover"),
        p.CountTile("要收的袋子", 2, "/page/handover-town"),
        p.CountTile("待送达", 3, "/page/results"),
    ),
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


STICK = p.StickPage("/post", "/post", "/page/upload", 12, 31)
STICK_READ = replace(
    STICK,
    waiting=0,
    photos=0,
    answers=True,
    done=("读好了。县里新确认 12 件,还有 0 件等着。", "新来了 7 条记录。"),
    notes=("有 1 个文件没拷完整。完整的部分已经读了。再拷一次。",),
    reply_url="/post",
)
STICK_WRONG = replace(STICK, errors=(p.FieldError("/file", "文件", "先选一个文件。"),))


PAGES = (
    samples_intake.PAGES
    | samples_counter.PAGES
    | samples_papers.PAGES
    | samples_movement.PAGES
    | samples_township.PAGES
    | samples_matters.STATION
    | {
        "home": ("home.html", HOME),
        "home-quiet": ("home.html", EMPTY_HOME),
        "home-power-cut": (
            "home.html",
            replace(HOME, interrupted=DRAFT, later_url="/page/home"),
        ),
        "home-results": ("home.html", RESULTS),
        "home-nothing": ("home.html", replace(RESULTS, items=(), cases=(), query="马戏团")),
        "upload": ("upload.html", UPLOAD),
        "upload-clear": ("upload.html", UPLOAD_CLEAR),
        "stick": ("stick.html", STICK),
        "stick-read": ("stick.html", STICK_READ),
        "stick-wrong": ("stick.html", STICK_WRONG),
        "cases": ("cases.html", CASES),
        "cases-none": ("cases.html", NO_CASES),
        "case": ("case.html", CASE),
        "sign-in": ("auth/sign_in.html", SIGN_IN),
        "sign-in-wrong": ("auth/sign_in.html", SIGN_IN_WRONG),
        "unlock": ("auth/unlock.html", p.UnlockPage("/post", spooled=3)),
        "problem": ("problem.html", PROBLEM),
    }
)
