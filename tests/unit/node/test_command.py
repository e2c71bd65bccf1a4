"""The frame of commands: where options stand, what goes where, how it ends."""

import json
import subprocess
import sys

import click
import pytest

from node.command import Call, Noun, Outcome, Program, Verb, run
from node.errors import Busy, FileUnreadable, InvalidInput, Locked, NoDataDirectory
from node.output import as_json, human

HERE = "tests.unit.node.test_command"
PROGRAM = Program(
    "station",
    "站点 station",
    {
        "case": Noun(
            "办件 cases",
            {
                "open": Verb(
                    f"{HERE}:open_case",
                    "受理一件 take one in",
                    (click.Option(["--file"], required=True),),
                ),
                "list": Verb(f"{HERE}:list_cases", "列出办件"),
            },
        ),
        "fail": Verb(f"{HERE}:fail", "fails", (click.Argument(["how"]),)),
        "serve": Verb(f"{HERE}:serve", "serves"),
    },
)


def open_case(call: Call, *, file):
    call.message("一句话")
    return {"case": "01J", "file": file, "data": str(call.directory.path), "due": None}


def list_cases(_call: Call):
    return Outcome({"cases": [{"case": "a", "state": "accepted"}, {"case": "b", "state": "x"}]}, 3)


def fail(_call: Call, *, how):
    errors = {
        "busy": Busy(10),
        "invalid": InvalidInput(()),
        "bug": ZeroDivisionError("411599199001011234"),
        "cancel": KeyboardInterrupt(),
    }
    raise errors[how]


def serve(_call: Call):
    return None


@pytest.mark.parametrize(
    "arguments",
    [
        ["--data", "D", "case", "open", "--file", "F", "--json"],
        ["case", "open", "--data", "D", "--file", "F", "--json"],
        ["case", "open", "--file", "F", "--json", "--quiet", "--no-input", "--data", "D"],
    ],
)
def test_data_stands_before_the_noun_or_after_the_verb(arguments, capsys):
    assert run(PROGRAM, arguments) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"case": "01J", "file": "F", "data": "D", "due": None}
    assert err == ("" if "--quiet" in arguments else "一句话\n")


def test_the_option_wins_over_the_environment(capsys, monkeypatch):
    monkeypatch.setenv("STATION_DATA", "E")
    assert run(PROGRAM, ["case", "open", "--file", "F"]) == 0
    assert "data: E" in capsys.readouterr().out
    assert run(PROGRAM, ["case", "open", "--file", "F", "--data", "D"]) == 0
    assert "data: D" in capsys.readouterr().out


def test_without_json_a_person_can_read_it(capsys):
    assert run(PROGRAM, ["case", "list"]) == 3
    assert capsys.readouterr().out == "cases: 2\n  a  accepted\n  b  x\n"


def test_no_data_directory_is_a_usage_error(capsys, monkeypatch):
    monkeypatch.delenv("STATION_DATA", raising=False)
    assert run(PROGRAM, ["case", "open", "--file", "F", "--json"]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["type"] == "no_data_directory"
    assert "--data" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["case", "open", "--json"], "缺少 '--file'"),
        (["case", "open", "--file", "F", "--colour"], "没有 --colour 这个选项"),
        (["case", "close"], "没有 close 这个命令"),
        (["case", "open", "--file"], "--file 后面要跟一个值"),
        (["fail"], "缺少"),
    ],
)
def test_usage_errors_are_told_in_words_and_end_with_2(arguments, words, capsys):
    assert run(PROGRAM, arguments) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert "Traceback" not in err
    if "--json" in arguments:
        assert json.loads(out)["error"]["type"] == "usage"
    else:
        assert out == ""


def test_a_program_without_a_verb_shows_its_help_and_ends_with_2(capsys):
    assert run(PROGRAM, []) == 2
    assert run(PROGRAM, ["case"]) == 2
    assert "open" in capsys.readouterr().err


def test_help_lists_verbs_and_ends_with_0(capsys):
    assert run(PROGRAM, ["case", "open", "--help"]) == 0
    out = capsys.readouterr().out
    for option in ("--file", "--data", "--json", "--quiet", "--no-input", "--passphrase-file"):
        assert option in out


@pytest.mark.parametrize(
    ("how", "code", "slug"),
    [("busy", 11, "busy"), ("invalid", 1, "invalid"), ("cancel", 130, "cancelled")],
)
def test_errors_become_one_document_the_same_words_and_a_code(how, code, slug, capsys):
    assert run(PROGRAM, ["fail", how, "--json"]) == code
    out, err = capsys.readouterr()
    error = json.loads(out)["error"]
    assert error["type"] == slug
    assert {"type", "title", "detail", "who_can_fix", "retryable"} <= set(error)
    assert error["title"] in err
    assert error["detail"] in err


def test_english_is_spoken_where_asked_for(capsys, monkeypatch):
    monkeypatch.setenv("BANGBAN_LANG", "en_GB")
    assert run(PROGRAM, ["fail", "busy"]) == 11
    assert "Another program holds the database." in capsys.readouterr().err
    assert run(PROGRAM, ["fail"]) == 2
    assert "Missing argument" in capsys.readouterr().err


def test_nobody_sees_a_traceback_and_the_number_stands_in_the_log(tmp_path):
    (tmp_path / "logs").mkdir()
    script = f"from node.command import main; from {HERE} import PROGRAM; main(PROGRAM)"
    done = subprocess.run(
        [sys.executable, "-c", script, "fail", "bug", "--json", "--data", str(tmp_path)],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 1
    error = json.loads(done.stdout)["error"]
    assert error["type"] == "failed"
    assert "Traceback" not in done.stderr
    assert "411599" not in done.stderr + done.stdout
    (line,) = (tmp_path / "logs" / "command.log").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["number"] == error["number"]
    assert "411599" not in line


def test_help_loads_neither_database_nor_web():
    script = (
        f"import sys; from node.command import run; from {HERE} import PROGRAM;"
        "run(PROGRAM, ['case', 'open', '--help']); run(PROGRAM, ['case', 'open']);"
        "slow = {'sqlalchemy', 'flask', 'structlog', 'sqlcipher3', 'argon2', 'cryptography'};"
        "sys.exit(', '.join(slow & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_chinese_leaves_a_pipe_as_utf8_whatever_the_console_speaks():
    script = f"from node.command import run; from {HERE} import PROGRAM; run(PROGRAM, ['--help'])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "cp936", "PYTHONPATH": "."},
    )
    assert "办件" in done.stdout.decode("utf-8")


def test_a_passphrase_file_may_come_from_notepad(tmp_path):
    file = tmp_path / "p.txt"
    file.write_bytes("\ufeff口令 一二三\r\n".encode())
    call = Call(PROGRAM, passphrase_option=str(file))
    assert call.passphrase() == "口令 一二三"
    assert call.ask_passphrase() == "口令 一二三"


def test_the_environment_may_name_the_passphrase_file(tmp_path):
    file = tmp_path / "p.txt"
    file.write_text("abc\n", encoding="utf-8")
    call = Call(PROGRAM, env={"STATION_PASSPHRASE_FILE": str(file)})
    assert call.passphrase() == "abc"


def test_a_passphrase_nobody_can_give_is_an_error_of_its_own(tmp_path):
    with pytest.raises(Locked):
        Call(PROGRAM, no_input=True, env={}).ask_passphrase()
    with pytest.raises(FileUnreadable):
        Call(PROGRAM, passphrase_option=str(tmp_path / "none")).passphrase()
    with pytest.raises(NoDataDirectory):
        _ = Call(PROGRAM, env={}).directory


def test_values_json_does_not_know_are_written_plainly():
    assert as_json({"a": b"\x01\xff", "b": {1}, "c": (1, 2), "名": "值"}) == (
        '{"a": "01ff", "b": [1], "c": [1, 2], "名": "值"}'
    )


def test_human_text_shows_nested_documents():
    assert human({"admin": {"user": "u"}, "rows": [1, "x", [1]], "none": None}) == (
        "admin:\n  user: u\nrows: 3\n  1\n  x\n  [1]\nnone: -"
    )


def test_a_node_is_opened_by_its_file_first_and_asks_only_then(tmp_path):
    file = tmp_path / "p.txt"
    file.write_text("abc", encoding="utf-8")
    assert Call(PROGRAM, env={}).opened(lambda passphrase: [passphrase]) == [None]
    assert Call(PROGRAM, passphrase_option=str(file)).opened(str.upper) == "ABC"

    def attended(passphrase):
        if passphrase is None:
            raise Locked
        return passphrase

    with pytest.raises(Locked):
        Call(PROGRAM, no_input=True, env={}).opened(attended)
    assert Call(PROGRAM, passphrase_option=str(file), env={}).opened(attended) == "abc"
