"""No personal data in a log: what is not listed is dropped, free text too."""

import json
import logging

import pytest

from node import logs
from node.clock import FixedClock


@pytest.fixture
def lines(tmp_path):
    opened = logs.begin(tmp_path, process="command", clock=FixedClock(now=1000))

    def read():
        text = (tmp_path / "command.log").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    yield read
    opened.close()


def test_unlisted_keys_are_dropped(lines):
    logs.logger().info("case.accepted", name="王芳", phone="13800001234", count=3)
    assert lines() == [{"event": "case.accepted", "level": "info", "at": 1000, "count": 3}]


def test_free_text_under_a_listed_key_is_dropped(lines):
    logs.logger().info("受理了王芳的 高龄津贴", reason="王芳 说", code="E1")
    assert lines() == [{"event": "unnamed", "level": "info", "at": 1000, "code": "E1"}]


def test_an_exception_is_told_without_its_message(lines):
    try:
        raise ValueError("411599199001011234")  # noqa: TRY301
    except ValueError as error:
        logs.logger().error("failed", error=error, number="7F2K")
    (line,) = lines()
    assert line["error"] == "builtins.ValueError"
    assert line["number"] == "7F2K"
    assert line["frames"][-1].startswith("test_logs.py:")
    assert "411599" not in json.dumps(line)


def test_lines_of_libraries_lose_their_text(lines):
    logging.getLogger("apscheduler").warning("job for 王芳 failed")
    assert lines() == [
        {"event": "library", "library": "apscheduler", "level": "warning", "at": 1000}
    ]


def test_a_request_id_stands_on_every_line_of_its_request(lines):
    with logs.request("R1"):
        logs.logger().info("inside")
    logs.logger().info("outside")
    assert [line.get("request") for line in lines()] == ["R1", None]
