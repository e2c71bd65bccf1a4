"""Facts of an office: correction, review, special steps, decision, result, the end of a case."""

from typing import Final

from casework.fact_shapes import REASON, REASONS, RESULTS, TO, FactSpec, FieldSpec, Nature

_F = FieldSpec
_POWER = Nature.POWER
STEP_KINDS: Final = (
    *("site_survey", "technical_review", "expert_review", "public_notice", "hearing"),
    *("tender", "auction", "inspection", "testing", "quarantine", "appraisal"),
)
"""The eleven special steps of R-HC-25c, in the order of HC Art. 25."""
_DOCUMENT_NO = _F("document_no", "text", "文号", "document number", "no")

OFFICE_FACTS: Final = (
    FactSpec(
        "case.correction_requested",
        "request_correction",
        "要求补正",
        "Correction asked for",
        _POWER,
        ("correction.*",),
        (_F("points", "lines", "补正事项", "points: no, defect, cure"),),
    ),
    FactSpec(
        "case.not_accepted",
        "not_accept",
        "不予受理",
        "Not accepted",
        _POWER,
        ("not_accepted",),
        (
            REASONS,
            _F("clause", "text", "依据", "clause"),
            _F("proper_body", "text", "该到哪里办", "the proper body", "no"),
            _DOCUMENT_NO,
        ),
    ),
    FactSpec(
        "case.material_checked",
        "check_material",
        "核验材料",
        "Paper checked",
        _POWER,
        ("material_check.*",),
        (
            _F("no", "integer", "材料序号", "number of the material"),
            _F("result", "text", "结果", "result", choices=("ok", "rejected")),
            _F("reason", "text", "原因", "reason", "no"),
        ),
    ),
    FactSpec("case.signed_in", "sign_in", "部门签收", "Signed in for review", _POWER, ("review",)),
    FactSpec(
        "case.reviewed",
        "review",
        "审核",
        "Reviewed",
        _POWER,
        ("reviewed.*",),
        (
            _F("opinion", "text", "审核意见", "opinion"),
            _F("agrees", "truth", "同意", "agrees"),
        ),
    ),
    FactSpec(
        "case.special_started",
        "start_special",
        "启动特殊环节",
        "Special step started",
        _POWER,
        ("special.*",),
        (
            _F("kind", "text", "哪一种", "which kind", choices=STEP_KINDS),
            _F("basis", "text", "依据", "legal basis"),
            _F("days", "integer", "要几个工作日", "working days it may take"),
            _F("told", "truth", "已告知申请人", "the applicant was told of step and time"),
        ),
    ),
    FactSpec(
        "case.special_ended",
        "end_special",
        "特殊环节结束",
        "Special step ended",
        _POWER,
        ("special.*",),
        (
            _F("id", "text", "哪一个环节", "id of the step"),
            _F("result", "text", "结果", "result"),
        ),
    ),
    FactSpec(
        "case.limit_extended",
        "extend_limit",
        "延长法定时限",
        "Statutory limit extended",
        _POWER,
        ("extension",),
        (
            _F("days", "integer", "延长几个工作日", "working days"),
            _F("approved_by", "text", "谁批准", "approved by"),
            REASON,
        ),
    ),
    FactSpec(
        "case.decided",
        "decide",
        "作出决定",
        "Decided",
        _POWER,
        ("decided",),
        (
            _F("outcome", "text", "结果", "outcome", choices=("yes", "no")),
            _F("reasons", "any", "理由", "reasons", "no"),
            _F("clause", "text", "依据", "clause", "no"),
            _F("remedies", "text", "救济途径", "remedies and periods", "no"),
            _DOCUMENT_NO,
        ),
    ),
    FactSpec(
        "case.rectify_ordered",
        "order_rectify",
        "责令限期整改",
        "Rectification ordered",
        _POWER,
        ("rectify",),
        (REASONS,),
    ),
    FactSpec(
        "case.rectified",
        "confirm_rectified",
        "整改完成",
        "Rectified",
        _POWER,
        ("rectified",),
        (_F("evidence", "text", "依据", "what shows it"),),
    ),
    FactSpec(
        "case.revoked",
        "revoke",
        "撤销决定",
        "Decision revoked",
        _POWER,
        ("revoked",),
        (REASONS, _F("clause", "text", "依据", "clause"), _DOCUMENT_NO),
    ),
    FactSpec(
        "case.terminated",
        "terminate",
        "终止办理",
        "Terminated",
        _POWER,
        ("terminated",),
        (
            _F(
                "kind",
                "text",
                "哪一种",
                "which kind",
                choices=("item_void", "applicant_died", "wrong_place", "not_corrected", "other"),
            ),
            REASON,
            _F("referral", "text", "转到哪里", "where to go instead", "no"),
        ),
    ),
    FactSpec(
        "case.issued",
        "issue",
        "出件",
        "Result issued",
        _POWER,
        ("issued",),
        (
            TO,
            RESULTS,
            _F(
                "conditions",
                "text",
                "发证时要核验、收取什么",
                "what is to be checked or collected when it is given out",
                "no",
            ),
        ),
    ),
    FactSpec("case.archived", "archive", "归档", "Archived", _POWER, ("archived",)),
)
