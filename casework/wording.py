"""Every problem that intake and acts can name: plain Chinese and English, with what to do next."""

from collections.abc import Mapping
from typing import Final

from casework.errors import FieldProblem

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺“{zh}”。补上再办。", "{en} is missing. Fill it in."),
    "type": ("“{zh}”的格式不对。照样表改一改。", "{en} has the wrong type. Follow the sample."),
    "unknown": ("没有“{en}”这一项。看看是不是写错了。", "There is no {en}. Check the spelling."),
    "choice": ("“{zh}”只能是：{allowed}。选一个。", "{en} must be one of: {allowed}."),
    "length": ("“{zh}”太长，最多{most}个字。写短些。", "{en} is longer than {most} characters."),
    "control": (
        "“{zh}”里有看不见的字符。重新填一遍。",
        "{en} holds control signs. Retype it.",
    ),
    "record": (
        "“{zh}”要26位的办件标识。从那一件上照抄。",
        "{en} is no id of a case: 26 characters. Copy it from that case.",
    ),
    "only_firms": (
        "只有单位才有法定代表人。个人办就空着。",
        "Only a firm has a representative. Leave it out for a person.",
    ),
    "code": ("“{zh}”要12位数字。对照区划代码再看。", "{en} takes the 12 digits of a division."),
    "phone": ("电话“{zh}”的位数不对。再问一遍。", "{en} is no phone number. Ask again."),
    "digits": ("“{zh}”只能是数字。对照卡再看一遍。", "{en} takes digits only. Look at the card."),
    "instant": (
        "时间要写明时区。例如 2026-11-21T09:40:00+08:00。",
        "Write the time with a zone.",
    ),
    "later": ("时间比现在还晚。看看日期写对没有。", "This time is in the future. Check it."),
    "id_length_short": (
        "身份证号少{by}位，现在是{count}位。对照身份证再看一遍。",
        "The ID number has {count} characters, {by} too few. Look at the card again.",
    ),
    "id_length_long": (
        "身份证号多{by}位，现在是{count}位。对照身份证再看一遍。",
        "The ID number has {count} characters, {by} too many. Look at the card again.",
    ),
    "id_characters": (
        "身份证号只有数字，最后一位可以是X。对照身份证再看一遍。",
        "An ID number has digits only; the last may be X. Look at the card again.",
    ),
    "id_date": (
        "出生日期 {year}年{month}月{day}日 不存在。看一下第7到14位。",
        "There is no birth date {year}-{month}-{day}. Look at characters 7 to 14.",
    ),
    "id_future": (
        "出生日期 {year}年{month}月{day}日 还没到。看一下第7到14位。",
        "The birth date {year}-{month}-{day} is in the future. Look at characters 7 to 14.",
    ),
    "id_check": (
        "身份证号最后一位对不上，多半有一位看错了。重新看一遍，或者选“没有身份证”。",
        "The last character does not fit: one was misread. Look again, or go on without a card.",
    ),
    "item": (
        "目录里没有事项 {en}。换个编码，或者先更新目录。",
        "The catalogue has no item {en}. Use another code, or update the catalogue.",
    ),
    "not_offered": (
        "本站不办“{zh}”。请到乡镇便民服务中心办。",
        "This station does not offer {en}. The township centre does.",
    ),
    "in_person": (
        "“{zh}”要本人到场，不能代办。约好本人再来。",
        "{en} needs the person to appear. Agree on a visit.",
    ),
    "material": ("没有第{no}号材料。对照材料清单。", "There is no material {no}. See the list."),
    "repeated": ("第{no}号材料写了两次。删掉一行。", "Material {no} stands twice. Remove one."),
    "copies": ("份数要是0到999。数一数再填。", "Copies go from 0 to 999. Count again."),
    "not_shared": (
        "“{zh}”不能靠部门共享取得。请收原件或复印件。",
        "{en} cannot be fetched by sharing. Take the original or a copy.",
    ),
    "not_promised": (
        "“{zh}”不能用承诺代替。请收原件或复印件。",
        "{en} cannot be replaced by a promise. Take the original or a copy.",
    ),
    "main_missing": (
        "缺“{zh}”（必要），今天不能受理。可以打印告知单，或先存草稿。",
        "{en} is a main paper and lacks: not accepted today. Print the notice, or keep a draft.",
    ),
    "material_missing": (
        "缺“{zh}”，不能后补。可以打印告知单，或先存草稿。",
        "{en} lacks and cannot follow later. Print the notice, or keep a draft.",
    ),
    "promise_possible": (
        "缺“{zh}”。可以请申请人写承诺代替，或打印告知单。",
        "{en} lacks. The applicant may promise instead, or print the notice.",
    ),
    "deficiency_possible": (
        "缺“{zh}”，可以后补。申请人签了承诺书就先受理。",
        "{en} lacks and may follow later, once the applicant signs the promise.",
    ),
    "entrustment": (
        "代办人要容缺受理，须有授权委托书。先签委托书。",
        "An agent needs a letter of entrustment to promise papers. Sign it first.",
    ),
    "verb": ("没有“{en}”这一步。看看写错没有。", "There is no act {en}. Check the spelling."),
    "some": ("至少要填一项：{allowed}。", "Fill in at least one of: {allowed}."),
    "state": (
        "这一件现在是“{zh}”，不能{act_zh}。先看看办理经过。",
        "The case is {en}: {act_en} is not possible. Look at its timeline.",
    ),
    "decided_already": (
        "已经作出决定，不能撤回。可以申请注销，或放弃结果。",
        "It is decided and cannot be withdrawn. The result can be given up or cancelled.",
    ),
    "checking": (
        "县里正在核对这一件。核对完再办这一步。",
        "The county is checking this case. Go on when it has finished.",
    ),
    "told_already": (
        "补正已经一次告知过，不能再提新的。请协助取得或说明理由。",
        "Corrections were told once already. Fetch the rest by sharing, or give a reason.",
    ),
    "lacking": (
        "还有材料没补齐：{zh}。补齐了再办这一步。",
        "Papers still lack: {en}. Go on when they are in.",
    ),
    "reasons": (
        "不予的决定要写明理由。写清事实和依据。",
        "A refusal needs its reasons: facts and clause.",
    ),
    "authority": ("{zh}", "{en}"),
    "no_check": ("没有这张核对单，或已经核完。刷新再看。", "No such open check. Reload the page."),
    "not_settable": (
        "“{en}”不能由核定来改。另办更正。",
        "{en} cannot be set by a resolution. Correct it by its own act.",
    ),
    "no_agent": (
        "这一件没有代办人。不用撤销。",
        "The case has no agent. There is nothing to revoke.",
    ),
    "not_handed_in": (
        "第{no}号材料还没有收到。收到再核验。",
        "Paper {no} has not come in. Check it when it has.",
    ),
    "entrustment_revoked": (
        "申请人已经撤销委托，不能交给代办人。请本人来领。",
        "The applicant has revoked the entrustment. Give it to the applicant himself.",
    ),
    "not_told": (
        "先告知申请人有这个环节、要多久，再启动。",
        "Tell the applicant of the step and its time first.",
    ),
    "no_step": ("没有这个正在进行的环节。刷新再看。", "No such step is running. Reload the page."),
    "extended_already": (
        "法定时限已经延长过一次，不能再延长。",
        "The statutory limit was extended once already.",
    ),
    "bag": (
        "没有交出过袋号 {en}。核对袋上的号。",
        "No bag {en} was handed over. Check it.",
    ),
}
"""Code → templates. Pages, commands and the API show the same words."""


def problem(pointer: str, code: str, **parts: object) -> FieldProblem:
    """Make a problem.

    Args:
        pointer: JSON pointer into what was given.
        code: key of TEXTS.
        parts: what the templates name.
    """
    zh, en = TEXTS[code]
    return FieldProblem(pointer, code, zh.format(**parts), en.format(**parts))


def step(name: object) -> str:
    """Escape one step of a JSON pointer (RFC 6901).

    >>> step("a/b~c")
    'a~1b~0c'
    """
    return str(name).replace("~", "~0").replace("/", "~1")
