"""Every problem that intake and acts can name: plain Chinese and English, with what to do next."""

from collections.abc import Mapping
from typing import Final

from casework.errors import FieldProblem
from casework.wording_links import LINKS

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺“{zh}”。补上再办。", "{en} is missing. Fill it in."),
    "type": ("“{zh}”的格式不对。照样表改一改。", "{en} has the wrong type. Follow the sample."),
    "unknown": ("没有“{en}”这一项。看看是不是写错了。", "There is no {en}. Check the spelling."),
    "not_asked": (
        "这个事项的表上没有“{en}”，不多要。去掉它再办。",
        "The form of this item does not ask for {en}. Take it out.",
    ),
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
    "not_in_force": (
        "“{zh}”从{day}起停办，不能再收。{next_zh}",
        "{en} is out of force from {day} and cannot be taken in. {next_en}",
    ),
    "not_yet": (
        "“{zh}”从{day}起才办。到那天再来。",
        "{en} begins on {day}. Come back on that day.",
    ),
    "subject": (
        "“{zh}”不是给{who_zh}办的。看看要办的是不是别的事。",
        "{en} is not for {who_en}. See whether another item is meant.",
    ),
    "promise_barred": (
        "“{zh}”不适用告知承诺：{why}。请按清单收材料。",
        "{en} is outside inform-and-promise: {why}. Take the papers of the list.",
    ),
    "bad_credit": (
        (
            "这个人在失信名单上，信用修复前不能用承诺代替材料。"
            "按清单收材料，或者让他先到列入名单的部门办信用修复。"
        ),
        (
            "Bad credit: no promise in place of papers until it is repaired. Take the papers, "
            "or let the applicant have it repaired where it was listed."
        ),
    ),
    "bad_credit_deficiency": (
        "这个人在失信名单上，县里规定信用修复前不能容缺。材料齐了再收，或者先办信用修复。",
        "Bad credit: the county allows no papers to follow until it is repaired.",
    ),
    "credit_stale": (
        "信用名单太旧，查不准。先收下，联网后县里核查。",
        "The credit list is too old to tell. Take it; the county looks when it arrives.",
    ),
    "defective_main": (
        "“{zh}”（必要）不合要求，今天不能受理。一次告知补正，或先存草稿。",
        "{en}, a main paper, is not in form: not accepted today. Tell all corrections at once.",
    ),
    "defective": (
        "“{zh}”不合要求，不能就这样收。一次告知补正，或先存草稿。",
        "{en} is not in form and cannot be taken so. Tell all corrections at once.",
    ),
    "nothing_to_correct": (
        "没有要补正的，今天就能受理。把“一次告知补正”去掉。",
        "Nothing needs a correction: it can be accepted today. Leave the notice out.",
    ),
    "no_power": (
        "本站对这个事项只收件，补正由乡镇告知。把“一次告知补正”去掉。",
        "This station only receives for this item: the township tells corrections.",
    ),
    "uscc_check": (
        "统一社会信用代码的校验码对不上。看一下执照，对得上就照样办。",
        "The check character of the credit code does not fit. See the licence, then go on.",
    ),
    "original_unseen": (
        "“{zh}”收了复印件，没有核对原件。有原件就拿来看一下；没带就照样办，会记下来。",
        "{en} was taken as a copy, the original unseen. Ask for it, or go on: it is noted.",
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
    "column_missing": (
        "表头少了“{zh}”这一列。用模板另填一份。",
        "The column {zh} lacks. Fill in the template anew.",
    ),
    "column_unknown": (
        "表头多了“{zh}”这一列，清单上没有。删掉这一列，或者用模板。",
        "The column {zh} is not on the list. Take it out, or use the template.",
    ),
    "column_twice": (
        "表头有两个“{zh}”。留一个。",
        "The column {zh} stands twice. Leave one.",
    ),
    "number_cell": (
        "“{zh}”是按数字存的，后几位可能已经变了。把这一列改成文本，照证件重填。",
        "{zh} is stored as a number: its last digits may be lost. Make the column text, retype it.",
    ),
    "cell_word": (
        "“{zh}”写的是“{typed}”，看不懂。只能写：{allowed}。",
        "{zh} says {typed}. Write one of: {allowed}.",
    ),
    "row_twice": (
        "这个人在第{row}行已经有了。留一行。",
        "This person stands in row {row} already. Leave one.",
    ),
    "row_same": (
        "这个人在本站办过同一件事（{number}），还没办完。不用再收。",
        "This person has an open case of this item here ({number}). Nothing to take in.",
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
    "not_final": (
        "还有站点没联上，可能收了按期补交的材料。等县里查完再定。",
        "Some station has not been heard and may hold papers handed in on time. Wait for it.",
    ),
    "extended_already": (
        "法定时限已经延长过一次，不能再延长。",
        "The statutory limit was extended once already.",
    ),
    "bag": (
        "没有交出过袋号 {en}。核对袋上的号。",
        "No bag {en} was handed over. Check it.",
    ),
    "incomplete_notice": (
        "补正要一次说全，还没写：{zh}。一起写上。",
        "A notice tells everything at once. Add: {en}.",
    ),
    "not_in_notice": (
        "补正通知里没有提这一份，不能再挑。只看通知里的几份。",
        "The notice did not name this paper. Only its points are looked at again.",
    ),
    "promise_outside": (
        "这个事项不能用承诺代替：{zh}。按一般办法办。",
        "This item allows no promise in place of papers. Take the ordinary way.",
    ),
    "refused_by_department": (
        "不予的决定由县里部门作。交给部门办。",
        "A refusal is for the county's department. Pass the case on.",
    ),
    "sign_in_first": (
        "先签收、审查，再作不予的决定。",
        "Sign the case in and review it before refusing.",
    ),
    "reviews": (
        "这个事项要{needed}个别的人先审核，现在有{have}个。找人审核再决定。",
        "The item needs {needed} reviews by others; there are {have}. Have it reviewed first.",
    ),
    "steps_left": (
        "特殊环节还没办：{zh}。办完再决定。",
        "Special steps are still to be done: {en}. Decide after them.",
    ),
    "section": (
        "特殊环节由事项所属部门的审批人员启动。请他登录再办。",
        "A special step is started by the approval section of the item's department.",
    ),
    "step_not_listed": (
        "这个事项的清单里没有这个环节，不能启动。看一下事项清单。",
        "The item lists no such step. Look at its list.",
    ),
    "step_running": (
        "这个环节正在进行。先结束再说。",
        "Such a step is running. End it first.",
    ),
    "step_days": (
        "天数要写1到{most}个工作日，按事项清单写。",
        "Days go from 1 to {most}, as the item says.",
    ),
    "extension_days": (
        "延长只能写1到{most}个工作日。",
        "An extension goes from 1 to {most} working days.",
    ),
    "no_promise": (
        "这一件没有用承诺办，不用限期整改。",
        "The case rests on no promise. There is nothing to rectify.",
    ),
    "rectify_runs": (
        "整改期到{zh}才满。期满还没改好再撤销。",
        "The time to rectify runs until {en}. Revoke only after it.",
    ),
    "correction_runs": (
        "补正的期限还没过，或者没有要求补正。到期再终止。",
        "The time for corrections has not passed, or none were asked for.",
    ),
    "deficiency_runs": (
        "后补的期限还没过，或者都补齐了。不用处理。",
        "The time for papers to follow still runs, or all are in.",
    ),
    "same_place": (
        "不能交给自己。选别的地方。",
        "It cannot go to this same place. Choose another.",
    ),
    "under_way": (
        "第{no}号材料已经装在袋子 {en} 里，对方还没数。等数过再装。",
        "Paper {no} is in bag {en}, which nobody has counted in yet.",
    ),
    "bag_counted": (
        "袋子 {en} 已经数过收下了。以第一次数的为准。",
        "Bag {en} was counted in already. The first count stands.",
    ),
    "bag_elsewhere": (
        "袋子 {en} 不是交到这里的。看看袋子上写的地方。",
        "Bag {en} does not come here. Look at what stands on it.",
    ),
    "result_received": (
        "结果已经签收过了。不用再签。",
        "The result has been signed for already.",
    ),
    "result_elsewhere": (
        "结果登记的是送到别处。看看送错没有。",
        "The result was sent elsewhere. See whether it went astray.",
    ),
    "result_not_here": (
        "结果还没有在这里签收。先签收，再转交。",
        "The result has not been signed for here. Sign for it first.",
    ),
    "serials": (
        "证号和部门登记的不一样。照着结果再看一遍。",
        "The serials differ from those issued. Look at the results again.",
    ),
    "visits_over": (
        "已经{most}次没送到。写明原因，退回乡镇。",
        "{most} visits have failed. Send the result back to the township with the reasons.",
    ),
    "identity": (
        "先核对本人：看身份证和人，或者您本来认识。选一种。",
        "Check who it is: card and face, or known in person. Choose one.",
    ),
    "letter": (
        "代领要看委托书和代领人的身份证。看过再选“委托书”。",
        "An agent shows the letter and a card. Choose the letter when you have seen both.",
    ),
    "agent_unknown": (
        "这一件没有登记代办人。先登记委托，再让他代领。",
        "The case names no agent. Record the entrustment first.",
    ),
    **LINKS,
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
