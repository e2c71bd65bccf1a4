"""What the page of letters of authorisation shows in the gallery."""

from dataclasses import replace

from ui import pages as p

_POWERS = ("收件", "受理", "审查", "送达")
_ROWS = (
    p.LetterRow(
        *("1", "民授〔2026〕3号", "民政局", "幸福村便民服务站", False, _POWERS, "养老服务"),
        *("2026-11-21", "2027-11-20", "in_force"),
        revoke_url="/post",
    ),
    p.LetterRow(
        *("2", "合〔2026〕1号", "县里", "农商银行青河支行", True, (), "全部事项"),
        *("2026-12-01", "2027-11-30", "later"),
        revoke_url="/post",
        errors=(p.FieldError("/reason", "为什么收回", "写明为什么收回，200字以内。"),),
    ),
    p.LetterRow(
        *("3", "登记时默认", "县里", "赵敏", False, (*_POWERS, "作决定"), "全部事项"),
        *("2026-01-01", "2026-12-31", "revoked"),
        reason="调离",
    ),
    p.LetterRow(
        *("4", "登记时默认", "县里", "石桥村便民服务站", False, _POWERS, "全部事项"),
        *("2025-01-01", "2025-12-31", "ended"),
    ),
)
PAGE = p.AuthorisationsPage(
    rows=_ROWS,
    action="/post",
    departments=(p.Option("", "县里,管所有部门"), p.Option("民政局", "民政局")),
    grantees=(p.Option("411526101201", "幸福村便民服务站"), p.Option("zhao", "赵敏")),
    powers=tuple(
        p.Option(code, word)
        for code, word in zip(("receive", "accept", "precheck", "deliver"), _POWERS, strict=True)
    ),
    areas=(p.Option("养老服务", "养老服务"), p.Option("社会保障", "社会保障")),
    done_note="记下了,已经公布。站里下次联上就知道。",
)
PAGES = {
    "authorisations": ("authorisations.html", PAGE),
    "authorisations-wrong": (
        "authorisations.html",
        replace(
            PAGE,
            done_note="",
            typed=(("document_no", ""), ("last", "soon")),
            ticked_powers=("accept",),
            errors=(p.FieldError("/last", "到哪天", "日期写成 2026-11-21 这样。"),),
        ),
    ),
    "authorisations-look": (
        "authorisations.html",
        replace(PAGE, action="", rows=tuple(replace(row, revoke_url="") for row in _ROWS)),
    ),
}
