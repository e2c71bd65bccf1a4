"""Problems with what an intake or a file names outside itself: words for `casework.wording`."""

from collections.abc import Mapping
from typing import Final

LINKS: Final[Mapping[str, tuple[str, str]]] = {
    "personal": (
        "进度和说明里不能写身份证号、手机号。删掉再导入。",
        "Progress and remark carry no ID or phone numbers. Take them out.",
    ),
    "no_case": (
        "没有编号 {en} 的办件。核对编号。",
        "There is no case with the number {en}. Check it.",
    ),
    "no_case_check": (
        "编号 {en} 的校验位不对，多半抄错了一位。像这些：{near}。",
        "The check character of {en} does not fit: one was miscopied. Like these: {near}.",
    ),
    "not_ended": (
        "上一次那件还在办，或者已经准予，不能重新申请。先看看那一件。",
        "That case is still open, or was granted: it is not filed again. Look at it first.",
    ),
    "other_person": (
        "上一次那件是别人的。核对编号。",
        "That case is another person's. Check its number.",
    ),
    "not_here": (
        "上一次那件里没有第{no}号材料，或者已经退了。重新收一份。",
        "That case has no paper {no}, or it was given back. Take the paper again.",
    ),
    "no_matter": (
        "目录里没有一件事 {en}。核对编码。",
        "The catalogue has no matter {en}. Check its code.",
    ),
    "no_place": (
        "全县没有 {en} 这个乡镇。核对代码。",
        "The county has no township {en}. Check the code.",
    ),
    "matter": (
        "一件事的编号要写成“编码:标识”。从那一件上照抄。",
        "A matter is written CODE:ULID. Copy it from one of its cases.",
    ),
    "handles": (
        "{en} 不是乡镇，也不是县，不能由它办理。核对代码。",
        "{en} is neither a township nor a county: it handles nothing. Check the code.",
    ),
    "not_handled": (
        "那个乡镇不办“{zh}”。换一个地方，或者在本地办。",
        "That township does not handle {en}. Name another place, or none.",
    ),
}
