"""What a catalogue's fields are called: heads of the template workbook, and titles on pages.

Pure data. `path` is the way to a field inside the JSON object of a row; `guide.fee` is the field
`fee` of the object `guide`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_MODES: Final = {"entrusted": "委托受理", "authorised": "授权办理", "proxy": "帮办代办"}
_KINDS: Final = {
    "licence": "行政许可",
    "benefit": "行政给付",
    "confirmation": "行政确认",
    "filing": "行政备案",
    "ruling": "行政裁决",
    "reward": "行政奖励",
    "other": "其他权力",
    "service": "公共服务",
}
_STEP_MODES: Final = {
    "combined": "审核合一",
    "one_review": "一审一核",
    "two_reviews": "一审两核",
    "special": "特别程序",
}
_STEPS: Final = {
    "site_survey": "现场勘验",
    "technical_review": "技术审查",
    "expert_review": "专家评审",
    "public_notice": "公示",
    "hearing": "听证",
    "tender": "招标",
    "auction": "拍卖",
    "inspection": "检验",
    "testing": "检测",
    "quarantine": "检疫",
    "appraisal": "鉴定",
}
_SUBJECTS: Final = {"natural": "个人", "legal": "单位"}
_SOURCES: Final = {"self": "申请人自备", "authority": "政府部门核发", "other": "其他单位"}
_WHEN: Final = {"agent": "别人代办时", "licensed_machine": "机具要上牌时"}
_ANSWERS: Final = {"text": "文字", "digits": "数字串", "integer": "整数", "truth": "是否"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Attributes:
        path: field of the row's object, dots lead into objects.
        zh: head in Chinese.
        en: title in English.
        kind: `text`, `whole` (number), `truth`, `lines` (one a line), `date`, `modes` (CODE=mode a
            line).
        words: code → word in the cell, for what is chosen from a list.
        several: several words of the list may stand there.
    """

    path: str
    zh: str
    en: str
    kind: str = "text"
    words: Mapping[str, str] = field(default_factory=dict)
    several: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `under` says into which list of the item of the first column its rows go."""

    name: str
    en: str
    part: str
    columns: tuple[Column, ...]
    under: str = ""


_C = Column
ITEM_CODE: Final = _C("item", "事项编码", "item code")
ITEMS: Final = Sheet(
    "事项",
    "items",
    "items",
    (
        _C("code", "事项编码", "code"),
        _C("name", "事项名称", "name"),
        _C("name_en", "英文名称", "name in English"),
        _C("kind", "事项类型", "kind", words=_KINDS),
        _C("area", "领域", "area"),
        _C("department", "实施主体", "department"),
        _C("subjects", "服务对象", "who may apply", words=_SUBJECTS, several=True),
        _C("modes.village", "村站", "villages", words=_MODES),
        _C("modes.township", "乡镇", "townships", words=_MODES),
        _C("modes.bank", "银行网点", "bank outlets", words=_MODES),
        _C("modes.post", "邮政等网点", "post and other outlets", words=_MODES),
        _C("station_modes", "个别站点（代码=方式）", "single stations", "modes", _MODES),
        _C("promised_days", "承诺时限（工作日）", "promised working days", "whole"),
        _C("statutory_days", "法定时限（工作日）", "statutory working days", "whole"),
        _C("step_mode", "审核方式", "step mode", words=_STEP_MODES),
        _C("must_appear_in_person", "要本人到场", "appears in person", "truth"),
        _C("once_only", "一生只办一次", "once in a life", "truth"),
        _C("external_system", "要录入的系统", "other system"),
        _C("catalog_code", "基本编码", "basic code"),
        _C("handle_code", "办理项编码", "handling code"),
        _C("implementation_code", "实施编码", "implementation code"),
        _C("effective_from", "开始日期", "in force from", "date"),
        _C("cancelled_on", "取消日期", "cancelled on", "date"),
        _C("carried_on", "取消后办到完", "open cases go on", "truth"),
        _C("successor", "接替事项编码", "successor"),
        _C("confidential", "涉密", "secret", "truth"),
        _C("words", "口头叫法", "everyday words", "lines"),
        _C("remarks", "备注", "remarks"),
        _C("guide.basis", "设定依据", "legal basis", "lines"),
        _C("guide.conditions", "申请条件", "conditions", "lines"),
        _C("guide.flow", "办理流程", "flow", "lines"),
        _C("guide.review_points", "审查要点", "review points", "lines"),
        _C("guide.common_errors", "常见错误示例", "common errors", "lines"),
        _C("guide.sample", "示范文本", "filled-in sample"),
        _C("guide.video", "视频", "video"),
        _C("guide.result_name", "结果名称", "name of the result"),
        _C("guide.result_sample", "结果样本", "sample of the result"),
        _C("guide.consult", "咨询方式", "whom to ask"),
        _C("guide.complain", "监督投诉方式", "where to complain"),
        _C("guide.place_and_hours", "办理地点和时间", "place and hours"),
        _C("guide.fee", "收费标准（空着就是不收费）", "fee"),
        _C("guide.fee_basis", "收费依据", "basis of the fee"),
        _C("guide.online_only", "只能网上办", "online only", "truth"),
        _C("guide.online_only_basis", "只能网上办的依据", "basis of online only"),
        _C("guide.promise_terms", "告知承诺内容", "terms of the promise"),
        _C("guide.promise_excluded", "不适用告知承诺的原因", "why no promise"),
        _C("guide.change_note", "办法有变（给站里看的话）", "what changed, for helpers"),
    ),
)
MATERIALS: Final = Sheet(
    "材料",
    "materials",
    "materials",
    (
        ITEM_CODE,
        _C("no", "序号", "number", "whole"),
        _C("name", "材料名称", "name"),
        _C("name_en", "英文名称", "name in English"),
        _C("main", "必要（主要材料）", "main paper", "truth"),
        _C("deficiency_ok", "可容缺", "may follow", "truth"),
        _C("shared", "可共享", "fetched by sharing", "truth"),
        _C("promise_ok", "可承诺代替", "promise in its place", "truth"),
        _C("when", "什么时候要", "when it is needed", words=_WHEN),
        _C("originals", "原件份数", "originals", "whole"),
        _C("copies", "复印件份数", "copies", "whole"),
        _C("source", "来源", "source", words=_SOURCES),
        _C("issuing_unit", "开具单位", "issuing unit"),
        _C("proof", "证明清单编号", "entry of the proofs"),
        _C("criteria", "受理标准", "what makes it good"),
        _C("sample", "样张或空白表", "sample"),
    ),
    "materials",
)
STEPS: Final = Sheet(
    "特殊环节",
    "special steps",
    "special_steps",
    (
        ITEM_CODE,
        _C("kind", "种类", "kind", words=_STEPS),
        _C("name", "名称", "name"),
        _C("name_en", "英文名称", "name in English"),
        _C("basis", "设定依据", "legal basis"),
        _C("statutory_days", "法定时限（工作日）", "statutory working days", "whole"),
        _C("days", "办理时限（工作日）", "working days", "whole"),
        _C("start", "启动条件", "when it begins"),
        _C("organiser", "组织股室", "organiser"),
        _C("statutory_too", "也不计入法定时限", "outside the statutory limit too", "truth"),
    ),
    "special_steps",
)
FORMS: Final = Sheet(
    "表单",
    "questions",
    "form",
    (
        ITEM_CODE,
        _C("name", "代号", "name"),
        _C("title", "问什么", "title"),
        _C("title_en", "英文", "title in English"),
        _C("kind", "答案", "kind", words=_ANSWERS),
        _C("required", "必填", "required", "truth"),
        _C("data_class", "密级（1到3）", "class", "whole"),
    ),
    "form",
)
PROOFS: Final = Sheet(
    "证明清单",
    "proofs",
    "proofs",
    (
        _C("id", "编号", "id"),
        _C("name", "证明名称", "name"),
        _C("basis", "依据", "legal basis"),
        _C("issuing_unit", "开具单位", "issuing unit"),
        _C("how", "怎么开", "how to get it"),
    ),
)
BUNDLES: Final = Sheet(
    "一件事",
    "bundles",
    "bundles",
    (
        _C("code", "编码", "code"),
        _C("name", "名称", "name"),
        _C("name_en", "英文名称", "name in English"),
        _C("items", "事项编码", "items", "lines"),
        _C("lead", "牵头部门", "lead department"),
        _C("parallel", "同时办", "in parallel", "truth"),
    ),
)
SHEETS: Final = (ITEMS, MATERIALS, STEPS, FORMS, PROOFS, BUNDLES)
REQUIRED: Final = frozenset({ITEMS.name, MATERIALS.name})
"""Sheets without which nothing can be read; the others may be left out."""
