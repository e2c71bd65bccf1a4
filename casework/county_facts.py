"""Facts that the county alone writes: numbers, checks, settlements, and what its rules conclude."""

from typing import Final

from casework.fact_shapes import REASON, FactSpec, FieldSpec, Nature

_F = FieldSpec

COUNTY_FACTS: Final = (
    FactSpec(
        "case.verified",
        "verify",
        "县里确认",
        "Confirmed by the county",
        Nature.COUNTY,
        ("verified", "official_number", "checking.*", "resolution.*"),
        (
            _F("official_number", "text", "正式编号", "official number", "no"),
            _F("reason", "text", "原因", "reason", "no"),
        ),
    ),
    FactSpec(
        "case.numbered",
        "number",
        "编正式号",
        "Official number given",
        Nature.COUNTY,
        ("official_number",),
        (_F("official_number", "text", "正式编号", "official number"),),
    ),
    FactSpec(
        "case.merged",
        "merge_duplicate",
        "重复申报合并",
        "Duplicate merged",
        Nature.COUNTY,
        (
            *("main", "duplicate_of", "promise.*"),
            *("material.*", "attachment.*", "attachment_key.*"),
        ),
        (
            _F("main", "text", "主办件", "main case"),
            _F("duplicate", "truth", "这一件是重复的", "this case is the duplicate"),
        ),
    ),
    FactSpec(
        "case.judged",
        "",
        "县里认定",
        "Judged by the county",
        Nature.COUNTY,
        (),  # verdicts are no fields of a case
    ),
    FactSpec(
        "case.checking_opened",
        "open_checking",
        "县里开始核对",
        "County began checking",
        Nature.COUNTY,
        ("checking.*",),
        (
            _F("id", "text", "核对单", "id of the check"),
            _F("rule", "text", "规则", "rule"),
            _F("fields", "any", "核对的内容", "fields in question"),
        ),
    ),
    FactSpec(
        "case.resolved",
        "resolve",
        "县里核定",
        "Settled by the county",
        Nature.COUNTY,
        ("*", "checking.*", "resolution.*"),
        (
            _F("id", "text", "核对单", "id of the check"),
            _F("set", "map", "核定的值", "values that hold from now on"),
            REASON,
            _F("clause", "text", "依据", "clause", "no"),
        ),
    ),
    FactSpec(
        "case.deemed_pending",
        "deem",
        "视为撤回待确认",
        "Deemed withdrawn, to be confirmed",
        Nature.COUNTY,
        ("deemed_pending",),
    ),
    FactSpec(
        "case.deemed_withdrawn",
        "confirm_deemed",
        "确认视为撤回",
        "Deemed withdrawn",
        Nature.COUNTY,
        ("deemed_withdrawn",),
    ),
    FactSpec(
        "case.due_stated",
        "state_due",
        "县里明确期限",
        "Due date stated by the county",
        Nature.COUNTY,
        ("promise.*",),
        (
            _F("due", "day", "到期日", "due day"),
            _F("document", "text", "根据什么", "on what ground"),
        ),
    ),
    FactSpec(
        "case.citizen_told",
        "tell",
        "要告诉申请人",
        "To be told to the applicant",
        Nature.COUNTY,
        ("told.*",),
        (
            _F("rule", "text", "规则", "rule"),
            _F("text", "text", "说什么", "words"),
        ),
    ),
    FactSpec(
        "case.fault_noted",
        "note_fault",
        "记差错",
        "Fault noted inside the administration",
        Nature.COUNTY,
        ("fault.*",),
        (
            _F("rule", "text", "规则", "rule"),
            _F("unit", "code", "哪个单位", "which unit"),
            REASON,
        ),
    ),
    FactSpec(
        "case.linked",
        "link",
        "关联办件",
        "Linked to another case",
        Nature.COUNTY,
        ("link.*",),
        (
            _F("case", "text", "哪一件", "which case"),
            _F("kind", "text", "什么关系", "relation", choices=("same_person", "same_paper")),
        ),
    ),
    FactSpec(
        "case.material_waived",
        "waive_material",
        "不再要这份材料",
        "Paper not asked for any more",
        Nature.COUNTY,
        ("waived.*",),
        (
            _F("no", "integer", "材料序号", "number of the material"),
            REASON,
        ),
    ),
    FactSpec(
        "case.progressed",
        "note_progress",
        "外部系统的进度",
        "Progress told by another system",
        Nature.COUNTY,
        ("progress.*",),
        (
            _F("system", "text", "哪个系统", "which system"),
            _F("status", "text", "进度", "progress"),
            _F("at", "text", "时间", "when, RFC 3339"),
            _F("remark", "text", "说明", "remark", "no"),
        ),
    ),
)
