"""Words of state, and the words for codes that pages show.

Two axes that are never mixed: what the law says of a case (``state``), and where its data is
(``transport``). Only "县里已收到" is green, because only a signed receipt earns it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ui.i18n import gettext, marked


class Tone(StrEnum):
    """Colour of a word; icon and word carry the same meaning without it."""

    RECEIVED = "received"
    WAITING = "waiting"
    MISSING = "missing"
    FAILED = "failed"
    CHECKING = "checking"
    OFFLINE = "offline"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class StateWord:
    """A word of state: Chinese source text, name of its icon, colour."""

    word: str
    icon: str
    tone: Tone


def _table(*rows: tuple[str, str, str, Tone]) -> Mapping[str, StateWord]:
    return {code: StateWord(word, icon, tone) for code, word, icon, tone in rows}


UNKNOWN = StateWord(marked("不清楚"), "question", Tone.OFFLINE)

TRANSPORT = _table(
    ("draft", marked("草稿"), "square", Tone.PLAIN),
    ("local", marked("只在本机"), "circle", Tone.OFFLINE),
    ("sending", marked("正在上传"), "up", Tone.WAITING),
    ("in_custody", marked("乡镇代转中"), "hand", Tone.WAITING),
    ("received", marked("县里已收到"), "check", Tone.RECEIVED),
    ("refused", marked("没传上去"), "cross", Tone.FAILED),
    ("county_checking", marked("县里核对中"), "swap", Tone.CHECKING),
)

STATE = _table(
    ("DRAFT", marked("草稿"), "square", Tone.PLAIN),
    ("RECEIVED", marked("已收件"), "inbox", Tone.PLAIN),
    ("CORRECTION", marked("待补正"), "triangle", Tone.MISSING),
    ("NOT_ACCEPTED", marked("不予受理"), "stop", Tone.PLAIN),
    ("ACCEPTED", marked("已受理"), "stamp", Tone.PLAIN),
    ("ACCEPTED_DEF", marked("容缺受理"), "triangle", Tone.MISSING),
    ("REVIEW", marked("审查中"), "clock", Tone.PLAIN),
    ("SPECIAL", marked("特殊环节中"), "pause", Tone.PLAIN),
    ("DECIDED_YES", marked("准予"), "stamp", Tone.PLAIN),
    ("DECIDED_NO", marked("不予"), "stop", Tone.PLAIN),
    ("READY", marked("待取件"), "inbox", Tone.WAITING),
    ("DELIVERED", marked("已送达"), "hand", Tone.PLAIN),
    ("ARCHIVED", marked("已归档"), "box", Tone.PLAIN),
    ("WITHDRAWN", marked("已撤回"), "back", Tone.PLAIN),
    ("DEEMED_PENDING", marked("视为撤回待确认"), "question", Tone.MISSING),
    ("DEEMED_WITHDRAWN", marked("视为撤回"), "back", Tone.PLAIN),
    ("RECTIFY", marked("限期整改"), "triangle", Tone.MISSING),
    ("REVOKED", marked("已撤销"), "stop", Tone.PLAIN),
    ("TERMINATED", marked("终止办理"), "stop", Tone.PLAIN),
)

FLAG = _table(
    ("PROVISIONAL", marked("离线待确认"), "clock", Tone.OFFLINE),
    ("HOLD", marked("待核"), "swap", Tone.CHECKING),
    ("OVERDUE", marked("超期"), "cross", Tone.FAILED),
    ("DEFICIENCY_OPEN", marked("还缺材料"), "triangle", Tone.MISSING),
    ("PROMISE", marked("告知承诺"), "hand", Tone.PLAIN),
)

FLEET = _table(
    ("normal", marked("正常"), "check", Tone.RECEIVED),
    ("quiet", marked("安静"), "clock", Tone.WAITING),
    ("lost_3", marked("失联3天"), "triangle", Tone.MISSING),
    ("lost_30", marked("失联30天"), "cross", Tone.FAILED),
    ("planned", marked("计划停用"), "pause", Tone.PLAIN),
    ("revoked", marked("已停用"), "stop", Tone.PLAIN),
    ("pending", marked("等批准"), "clock", Tone.WAITING),
    ("unknown", marked("未知"), "question", Tone.OFFLINE),
)

LETTER = _table(
    ("in_force", marked("有效"), "check", Tone.RECEIVED),
    ("later", marked("还没开始"), "clock", Tone.WAITING),
    ("ended", marked("过期了"), "stop", Tone.PLAIN),
    ("revoked", marked("收回了"), "cross", Tone.FAILED),
)

BELOW = _table(
    ("today", marked("今天联上过"), "check", Tone.RECEIVED),
    ("silent", marked("今天没听到"), "triangle", Tone.MISSING),
    ("unknown", marked("没听到过"), "question", Tone.OFFLINE),
)
"""How a township has heard of its stations; what is not known is never green."""

ALERT = _table(
    ("red", marked("红牌"), "cross", Tone.FAILED),
    ("yellow", marked("预警"), "triangle", Tone.MISSING),
    ("blue", marked("提示"), "clock", Tone.WAITING),
)

WHOLE = _table(
    ("open", marked("正在办"), "clock", Tone.PLAIN),
    ("granted", marked("全部准予"), "check", Tone.PLAIN),
    ("mixed", marked("有的准予,有的没有"), "triangle", Tone.MISSING),
    ("refused", marked("都没有准予"), "cross", Tone.PLAIN),
)

_STATE_TABLES: Mapping[str, Mapping[str, StateWord]] = {
    "transport": TRANSPORT,
    "state": STATE,
    "flag": FLAG,
    "fleet": FLEET,
    "below": BELOW,
    "letter": LETTER,
    "alert": ALERT,
    "whole": WHOLE,
}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "pressure": {
        "stopped_fork": marked(
            "这台电脑的资料在两处各记了一份,先不能办新的。写过的都在,照样上传。打电话给县里,重新开通。"
        ),
        "stopped_old-copy": marked(
            "这台电脑的资料是旧的拷贝,先不能办新的。写过的都在,照样上传。打电话给县里,重新开通。"
        ),
        "stopped_restored": marked("资料是从备份恢复的,先不能办新的。打电话给县里,重新开通。"),
        "stopped_renewed": marked("这台电脑在换新身份,先不能办新的。等县里批准。"),
        "frozen_clock": marked("电脑时间和县里差一天以上。现在只收件,不受理。先校时,再连网。"),
        "frozen_lease": marked("太久没有联上县里,事项目录旧了。现在只收件,不受理。连上网就好。"),
        "frozen_authority": marked(
            "太久没有联上县里,不知道授权还在不在。现在只收件,不受理。连上网就好。"
        ),
        "frozen_letter": marked(
            "县里给本站的授权书到期了,或者收回了。现在只收件,不受理。打电话给县里续办。"
        ),
        "frozen_agreement": marked(
            "本网点的合作协议到期了,或者停了。现在不收新的。请来人去乡镇办,打电话给县里续签。"
        ),
        "frozen_unsent_age": marked(
            "有办件太久没有传上去。现在只收件,不受理。连上网,或者用U盘送。"
        ),
        "frozen_unsent_count": marked("没传上去的太多了。现在只收件,不受理。连上网,或者用U盘送。"),
        "frozen_unsent_photos": marked(
            "没传上去的照片太多了。现在只收件,不受理。连上网,或者用U盘送。"
        ),
        "warned_clock": marked("电脑时间和县里差了几分钟。请校时。"),
        "warned_unsent_age": marked("有办件几天没有传上去了。快连上网;再久就只能收件。"),
        "warned_unsent_count": marked("没传上去的越来越多。快连上网;再多就只能收件。"),
        "room_low": marked("磁盘快满了。腾出地方;再少就不收照片了。"),
        "room_no_photos": marked("磁盘快满了,现在不收照片。办件还能收。马上腾出地方。"),
        "room_no_intake": marked("磁盘满了,现在不能收新的。写过的都在。马上腾出地方。"),
    },
    "alert": {
        "clock_off": marked("只收件:钟差一天以上。叫站里校时"),
        "lease": marked("只收件:太久没联上,目录旧了。打电话问站里"),
        "unsent_frozen": marked("只收件:没上传的太多。叫站里连网或者送U盘"),
        "no_intake": marked("站里磁盘满了,不能收新的。叫站里腾地方"),
        "no_photos": marked("站里磁盘快满了,不收照片。叫站里腾地方"),
        "clock": marked("钟差几分钟。叫站里校时"),
        "unsent": marked("没上传的越来越多"),
        "space": marked("站里磁盘快满了"),
        "photos_missing": marked("附件缺失,已经向站里再要。站里也没有的,请站里再拍一张"),
    },
    "photo": {
        "coming": marked("还没有传到"),
        "cleared": marked("照片已在县里,本机已清理"),
        "missing": marked("附件缺失,请再拍一张"),
        "retaken": marked("附件缺失,已经重拍"),
        "asked": marked("附件缺失,已经向站里再要。站里也没有的,请站里再拍一张"),
    },
    "need": {
        "required": marked("必要"),
        "deferrable": marked("可容缺"),
        "optional": marked("非必要"),
        "spared": marked("可共享或承诺"),
    },
    "catalogue_draft": {
        "open": marked("草稿,还没交审核"),
        "submitted": marked("等另一位管理员审核"),
        "returned": marked("退回了"),
        "published": marked("已公布"),
        "replaced": marked("换成了新草稿"),
    },
    "catalogue_request": {
        "add": marked("新增"),
        "cancel": marked("取消"),
        "hand_down": marked("下放"),
        "take_over": marked("承接"),
        "adjust": marked("调整"),
    },
    "item_kind": {
        "licence": marked("行政许可"),
        "benefit": marked("行政给付"),
        "confirmation": marked("行政确认"),
        "filing": marked("行政备案"),
        "ruling": marked("行政裁决"),
        "reward": marked("行政奖励"),
        "other": marked("其他权力"),
        "service": marked("公共服务"),
    },
    "form": {
        "original": marked("原件"),
        "copy": marked("复印件"),
        "electronic": marked("电子件"),
        "shared": marked("部门共享,不用带"),
        "promised": marked("写承诺书代替"),
        "": marked("还没有"),
    },
    "id_type": {
        "resident_id": marked("居民身份证"),
        "temporary_id": marked("临时身份证"),
        "household_book": marked("户口簿"),
        "residence_permit": marked("港澳台居民居住证"),
        "passport": marked("护照"),
        "travel_permit": marked("来往内地通行证"),
        "uscc": marked("统一社会信用代码"),
        "none": marked("没有证件"),
    },
    "relation": {
        "child": marked("子女"),
        "spouse": marked("配偶"),
        "parent": marked("父母"),
        "grandchild": marked("孙辈"),
        "sibling": marked("兄弟姐妹"),
        "relative": marked("其他亲属"),
        "guardian": marked("监护人"),
        "neighbour": marked("邻居"),
        "friend": marked("朋友"),
        "colleague": marked("同事"),
        "employee": marked("单位员工"),
        "helper": marked("代办员"),
        "teller": marked("网点柜员"),
        "other": marked("其他人"),
    },
    "pickup": {
        "station": marked("到站里来拿"),
        "visit": marked("送到家"),
        "mail": marked("邮寄"),
        "agent": marked("别人代领"),
        "electronic": marked("发电子件"),
    },
    "defect": {
        "incomplete": marked("不齐全,缺页或缺项"),
        "irregular": marked("填写不规范"),
        "unlawful": marked("不合法定形式"),
    },
    "kind": {"natural": marked("个人"), "legal": marked("单位")},
    "mode": {
        "entrusted": marked("能当场受理"),
        "authorised": marked("能当场办结"),
        "proxy": marked("先收件,报上级受理"),
        "": marked("这里不办"),
    },
    "role": {
        "helper": marked("代办员"),
        "clerk": marked("乡镇窗口"),
        "teller": marked("网点柜员"),
        "approver": marked("部门审批"),
        "reconciler": marked("对账员"),
        "administrator": marked("县管理员"),
    },
    "place": {
        "county": marked("县级中心"),
        "township": marked("乡镇中心"),
        "village": marked("村站"),
        "outlet": marked("合作网点"),
    },
    "todo": {
        "papers_missing": marked("缺材料"),
        "correction": marked("待补正"),
        "overdue": marked("到期"),
        "hand_over": marked("纸没转交"),
        "accept": marked("等受理"),
        "refused": marked("没传上去"),
        "deliver": marked("待送达"),
    },
    "notice": {
        "result": marked("结果到了,怎么拿"),
        "deadline": marked("要在哪天前补材料"),
        "check": marked("核对出来的事"),
        "other": marked("别的事"),
    },
    "notice_by": {
        "phone": marked("打电话"),
        "in_person": marked("当面说"),
        "sms": marked("发短信"),
        "mail": marked("寄信"),
    },
    "step": {
        "site_survey": marked("现场勘验"),
        "technical_review": marked("技术审查"),
        "expert_review": marked("专家评审"),
        "public_notice": marked("公示"),
        "hearing": marked("听证"),
        "tender": marked("招标"),
        "auction": marked("拍卖"),
        "inspection": marked("检验"),
        "testing": marked("检测"),
        "quarantine": marked("检疫"),
        "appraisal": marked("鉴定"),
    },
    "termination": {
        "item_void": marked("事项取消了"),
        "applicant_died": marked("申请人去世"),
        "wrong_place": marked("不归这里办"),
        "not_corrected": marked("过期没有补正"),
        "other": marked("别的原因"),
    },
    "delivery": {
        "READY": marked("还没送到本人手里"),
        "DELIVERED": marked("送到了,可以归档"),
        "RECTIFY": marked("限期整改中"),
    },
    "stopped": {
        "withdrawn": marked("申请人已经撤回。先别给,打电话给县里。"),
        "checking": marked("县里正在核对。先别给,等县里说。"),
    },
    "change": {
        "changed": marked("改"),
        "added": marked("增"),
        "removed": marked("删"),
    },
    "intake_check": {
        "received": marked("核对一遍,再收件"),
        "accepted": marked("核对一遍,再受理"),
        "accepted_deficient": marked("核对一遍,再容缺受理"),
        "correction": marked("核对一遍,再告知补正"),
    },
    "intake_do": {
        "received": marked("收件并打印回执"),
        "accepted": marked("受理并打印回执"),
        "accepted_deficient": marked("容缺受理并打印回执"),
        "correction": marked("先收件,一次告知补正"),
    },
    "intake_done": {
        "received": marked("已收件"),
        "accepted": marked("已受理"),
        "accepted_deficient": marked("已容缺受理"),
        "correction": marked("已收件,已告知补正"),
    },
}


def state_word(table: str, code: str) -> StateWord:
    """The word of a state; a code nobody knows is "不清楚", never a colour that promises.

    Args:
        table: ``transport``, ``state``, ``flag`` or ``fleet``.
        code: As programs write it.
    """
    return _STATE_TABLES[table].get(code, UNKNOWN)


def word(code: str, table: str) -> str:
    """The word for a code in the person's language; a code without a word is shown itself."""
    found = _WORDS[table].get(code)
    return gettext(found) if found is not None else code


def codes(table: str) -> tuple[str, ...]:
    """The codes of a table that can be chosen, in the order in which they are offered."""
    return tuple(code for code in _WORDS[table] if code)
