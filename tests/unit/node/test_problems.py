"""Every class leads to a row, every row is whole, and no sentence leaks what it must not."""

import errno
import importlib
import pkgutil
from string import Formatter

import pytest

from casework.errors import FieldProblem, IntakeRefused
from node import errors
from node.errors import Busy, NodeError, TooManyTries
from node.problem_types import CLASSES, PROBLEMS, Fixer
from node.problems import Language, new_number, problem_json, problem_of, type_of

CONTRACT_EXIT_CODES = {1, 2, 10, 11, 12, 13, 14, 15, 16, 130}


def classes_of(package_name):
    package = importlib.import_module(package_name)
    modules = [package]
    if hasattr(package, "__path__") and package_name in {"casework", "crypto", "node", "sync"}:
        modules += [importlib.import_module(f"{package_name}.errors")]
        modules += [importlib.import_module("sync.head")] if package_name == "sync" else []
    elif hasattr(package, "__path__"):
        names = [entry.name for entry in pkgutil.iter_modules(package.__path__)]
        wanted = [name for name in names if name in {"exceptions", "csrf"}]
        modules += [importlib.import_module(f"{package_name}.{name}") for name in wanted]
    return {name for module in modules for name in vars(module)}


@pytest.mark.parametrize("package", sorted({name.partition(".")[0] for name in CLASSES}))
def test_every_named_class_exists(package):
    found = classes_of(package)
    named = {name.partition(".")[2] for name in CLASSES if name.startswith(f"{package}.")}
    assert named <= found


def test_every_error_of_this_package_is_told_in_its_own_words():
    ours = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, NodeError) and kind is not NodeError
    ]
    assert len(ours) > 30
    for kind in ours:
        listed = [f"node.{base.__name__}" in CLASSES for base in kind.__mro__]
        assert any(listed), kind


def test_every_class_leads_to_a_row_and_every_row_is_reached():
    assert set(CLASSES.values()) <= set(PROBLEMS)
    assert set(PROBLEMS) - set(CLASSES.values()) <= {"failed", "disk_full"}


@pytest.mark.parametrize("row", PROBLEMS.values(), ids=lambda row: row.slug)
def test_a_row_is_whole(row):
    assert row.exit_code in CONTRACT_EXIT_CODES
    assert 400 <= row.http_status < 600
    for text in (row.title_zh, row.detail_zh, row.title_en, row.detail_en):
        assert text
    for word in ("抱歉", "非法", "无效", "异常", "同步", "冲突", "节点"):
        assert word not in row.title_zh + row.detail_zh
    asked_zh = {name for _, name, _, _ in Formatter().parse(row.detail_zh) if name}
    asked_en = {name for _, name, _, _ in Formatter().parse(row.detail_en) if name}
    assert asked_en <= asked_zh


@pytest.mark.parametrize(
    ("error", "slug", "code"),
    [
        (errors.NotInitialised("/x"), "not_initialised", 10),
        (Busy(10), "busy", 11),
        (errors.WrongKey(), "wrong_key", 12),
        (errors.SignInRefused(), "sign_in_refused", 12),
        (errors.NoLink("h"), "no_link", 13),
        (errors.ClockSkew(1500), "clock_skew", 14),
        (errors.RefusedByCounty("revoked"), "refused_by_county", 15),
        (errors.IntegrityFailed("a:1"), "integrity_failed", 16),
        (KeyboardInterrupt(), "cancelled", 130),
        (ZeroDivisionError(), "failed", 1),
        (OSError(errno.ENOSPC, "no space"), "disk_full", 1),
    ],
)
def test_exit_codes_are_those_of_the_contract(error, slug, code):
    assert (type_of(error).slug, type_of(error).exit_code) == (slug, code)


def test_a_subclass_is_told_as_its_nearest_listed_base():
    class Slower(Busy):
        pass

    assert type_of(Slower(10)).slug == "busy"


def test_the_document_of_a_command():
    assert problem_of(Busy(10), Language.EN).as_json() == {
        "type": "busy",
        "title": "Another program holds the database.",
        "detail": "Waited 10 seconds. Try again in a while.",
        "who_can_fix": "nobody",
        "retryable": True,
    }


def test_field_problems_are_told_in_order_and_language():
    wrong = FieldProblem("/applicant/id_no", "too_short", "少1位。", "One digit is missing.")
    refused = IntakeRefused([wrong, FieldProblem("/form/x", "missing", "没填。", "Empty.")])
    body = problem_json(problem_of(refused, Language.EN), trace="T1")
    assert body["type"] == "/problems/invalid"
    assert (body["status"], body["trace"]) == (422, "T1")
    assert [entry["pointer"] for entry in body["errors"]] == ["/applicant/id_no", "/form/x"]
    assert body["errors"][0]["message"] == "One digit is missing."
    assert problem_of(refused).lines()[-2:] == ["  /applicant/id_no: 少1位。", "  /form/x: 没填。"]


def test_what_an_unknown_error_says_is_not_repeated():
    told = problem_of(ValueError("王芳 411599199001011234"), number="7F2K9")
    assert "王芳" not in " ".join(told.lines())
    assert "7F2K9" in told.detail


def test_retry_after_comes_from_the_error():
    assert problem_of(TooManyTries(60)).retry_after == 60
    assert problem_of(errors.WrongKey()).retry_after == 0


def test_error_numbers_are_short_and_have_no_look_alikes():
    numbers = {new_number() for _ in range(200)}
    assert len(numbers) > 190
    assert not set("".join(numbers)) & set("01IOLSZAEU")


def test_who_can_fix_is_always_somebody():
    for row in PROBLEMS.values():
        assert isinstance(row.who_can_fix, Fixer)
