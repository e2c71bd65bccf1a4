"""What the applicant promises on P4, said before it is signed, and how the page can end.

The ordinary way stays open: nobody has to promise, papers can be brought as well (R-HC-29).
"""

from collections.abc import Iterable, Mapping
from typing import Final

from casework.intake import IntakeOutcome
from station.web import judging, labels
from station.web.check_page import Judged
from station.web.filled import Filled
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import FieldError, Option

DEFICIENCY, PROMISE, READ = "commitment.deficiency", "commitment.promise", "commitment.read_aloud"
CORRECTION, DOUBT = "commitment.correction", "commitment.doubt"
ENDINGS: Final = frozenset({"finish", "correct", "doubt"})
"""What `go` says when the page is to end."""
_UNSAID: Final[Mapping[str, str]] = {
    DEFICIENCY: marked("申请人还没有承诺补交。念给他听,再勾上。"),
    PROMISE: marked("申请人还没有承诺。念给他听,再勾上。"),
    READ: marked("内容还没有念给申请人听。念完再勾上。"),
}


def statements(filled: Filled, judged: Judged) -> tuple[Option, ...]:
    """What is to be ticked before it can be done: the promise itself, and that it was read out."""
    return tuple(_option(name) for name in _wanted(filled, judged.outcome))


def unsaid(filled: Filled, go: str) -> tuple[FieldError, ...]:
    """What has still to be said or written before the page can end so."""
    if go == "doubt":
        told = _("写一句哪里不符合条件,乡镇看了才好定。")
        return () if filled.text(DOUBT) else (_error(DOUBT, told),)
    if go == "correct":
        return ()
    wanted = _wanted(filled, judging.judge(filled).outcome)
    return tuple(_error(n, _(_UNSAID[n])) for n in wanted if filled.text(n) != "yes")


def chosen(filled: Filled, go: str) -> Filled:
    """The intake as it is to end: accepted, kept with a notice, or left to the place above."""
    if go == "correct":
        return filled.having(commitment__correction="yes", commitment__doubt="")
    if go == "doubt":
        return filled.having(commitment__correction="")
    return filled.having(commitment__correction="", commitment__doubt="")


def terms(filled: Filled, outcome: IntakeOutcome | None) -> tuple[str, ...]:
    """What is read to the applicant before he promises anything."""
    if outcome is None or not promised(filled):
        return ()
    told = filled.item.guide.promise_terms
    return tuple(
        filter(
            None,
            (
                told,
                _("承诺不实的,要限期整改;整改不了,撤销决定,记入信用记录。"),
                _("不想承诺也行,把材料补来,照一般办法办。"),
            ),
        )
    )


def promised(filled: Filled) -> tuple[int, ...]:
    """Papers that a promise stands for."""
    return tuple(
        material.no
        for material in filled.needed
        if material.promise_ok and filled.text(f"materials.{material.no}.form") == "promised"
    )


def _wanted(filled: Filled, outcome: IntakeOutcome | None) -> Iterable[str]:
    if outcome is None:
        return
    later = judging.wants_promise(outcome)
    if later:
        yield DEFICIENCY
    if promised(filled):
        yield PROMISE
    if later or promised(filled):
        yield READ


def _option(name: str) -> Option:
    words = {
        DEFICIENCY: _("申请人承诺按时补来;逾期没补,算撤回申请"),
        PROMISE: _("申请人承诺符合条件,内容属实,不实愿担责任"),
        READ: _("缺什么、哪天前补、不补会怎样,都念给申请人听了"),
    }
    hint = "" if name == READ else _("听明白了再勾。承诺书要签字或按手印。")
    return Option(name, words[name], hint)


def _error(name: str, message: str) -> FieldError:
    return FieldError("/" + name.replace(".", "/"), labels.label(name), message)
