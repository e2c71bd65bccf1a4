"""Files for and from systems that the county cannot reach: nothing missed, nothing twice."""

import csv
import io
import json
import random
import stat
from datetime import date

import pytest
import sqlalchemy as sa

from casework import exchange_files
from casework.facts import Act
from casework.numbering import TemporaryNumber
from casework.places import Role
from hub.cli import PROGRAM
from hub.rows import unmasking
from hub.usecases import exchange_writing, exporting, importing_progress
from node import acting
from node.command import run
from node.errors import InvalidInput, NotAllowed
from node.files import write_private
from tests.integration.hub_county import (
    OTHER,
    VILLAGE,
    accepted,
    new_record,
    receive,
    received,
)

SYSTEM = "豫事办统一受理"
AT = "2026-11-20T09:00:00+08:00"
OTHER_COUNTY = "411325000000"


def accept(county, station, **more):
    """A case that a place received and accepted, and the county has heard of."""
    record = receive(station, **more)
    station.write(record, accepted())
    station.sync(county)
    return record


def exported(county, **more):
    """Export and confirm, as the command does; the rows."""
    made = exporting.export(county.node, **more)
    exporting.confirm(county.node, made)
    return made


def told(county, *rows, account=None):
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    who = account or county.account(Role.APPROVER)
    return importing_progress.import_file(county.node, data, is_csv=False, account=who)


def row_of(number, **more):
    row = {"system": SYSTEM, "number": number, "their_number": "YSB-0001", "status": "审核中"}
    return {**row, "at": AT, **more}


@pytest.mark.req("R-HN-10")
def test_accepted_cases_are_exported_once_and_none_is_missed(county, places):
    first = accept(county, places[VILLAGE], item="DEMO-SB-01")
    receive(places[VILLAGE], item="DEMO-SB-02", id_no="")  # only received: not accepted yet
    places[VILLAGE].sync(county)
    one = exported(county)
    assert [row["case"] for row in one.rows] == [county.case(first).id]
    assert exported(county).rows == ()
    second = accept(county, places[OTHER], item="DEMO-WS-01")
    two = exported(county)
    assert [row["case"] for row in two.rows] == [county.case(second).id]
    assert (one.cursor, two.since, two.cursor) == (1, 1, 2)
    assert two.rows[0]["official_number"] == county.case(second).state.text("official_number")


def test_a_file_that_never_reached_the_disk_is_written_again_with_the_same_places(county, places):
    accept(county, places[VILLAGE])
    lost = exporting.export(county.node)  # the power went before `confirm`
    again = exported(county)
    assert [row["seq"] for row in again.rows] == [row["seq"] for row in lost.rows] == [1]
    assert [row["seq"] for row in exporting.export(county.node, since=0).rows] == [1]
    assert exporting.standing(county.node).waiting == 0
    with pytest.raises(InvalidInput):
        exporting.export(county.node, since=9)


def test_a_cursor_never_goes_back(county, places):
    accept(county, places[VILLAGE])
    whole = exported(county)
    accept(county, places[OTHER], item="DEMO-WS-01")
    exported(county)
    exporting.confirm(county.node, whole)
    assert exporting.standing(county.node).cursor == 2


@pytest.mark.req("R-HN-10")
def test_whatever_happens_between_files_each_case_is_in_exactly_one_place(county, places):
    chance, made, files = random.Random(4), set(), []
    for step in range(14):
        if chance.random() < 0.6:
            place = places[chance.choice((VILLAGE, OTHER))]
            record = accept(county, place, id_no="", name=f"王{step}")
            made.add(county.case(record).id)
        elif chance.random() < 0.4:
            files.append(exporting.export(county.node))  # lost before it was confirmed
        else:
            files.append(exported(county))
    files.append(exported(county))
    rows = [row for file in files for row in file.rows]
    assert {row["case"] for row in rows} == made, "none is missed"
    assert len({(row["seq"], row["case"]) for row in rows}) == len(made), "none has two places"
    assert sorted({row["seq"] for row in rows}) == list(range(1, len(made) + 1)), "without gaps"
    assert exporting.standing(county.node).waiting == 0


@pytest.mark.req("R-HC-26")
def test_a_case_of_another_county_is_forwarded_by_the_file_without_being_accepted_here(
    county, places
):
    record = new_record()
    fields = received(VILLAGE, handling=OTHER_COUNTY, mode="proxy")
    places[VILLAGE].write(record, Act("case.received", fields))
    places[VILLAGE].sync(county)
    (row,) = exported(county).rows
    assert (row["kind"], row["handling"], row["accepted_at"]) == ("forwarded", OTHER_COUNTY, "")


def test_no_personal_field_is_written_without_a_purpose_and_no_sensitive_one_ever(county, places):
    accept(county, places[VILLAGE])
    (plain,) = exported(county).rows
    assert set(plain) == set(exchange_files.CLEAR)
    written = exchange_writing.write(exporting.export(county.node, since=0), "jsonl").decode()
    assert "王芳" not in written
    assert "13800000001" not in written
    approver = county.account(Role.APPROVER)
    wish = exporting.Personal(account=approver, purpose="报省统一受理平台")
    full = exporting.export(county.node, since=0, personal=wish)
    assert full.rows[0]["name"] == "王芳"
    text = exchange_writing.write(full, "jsonl").decode()
    assert "411599199006150024" not in text
    assert "6217001234567890123" not in text
    with county.node.database.read() as tx:
        looks = tx.execute(sa.select(unmasking)).all()
    assert [(look.login, look.purpose) for look in looks] == [
        (approver.login, "导出:报省统一受理平台")
    ]


def test_who_may_not_see_personal_fields_gets_none(county, places):
    accept(county, places[VILLAGE])
    for role, purpose, error in (
        (Role.ADMINISTRATOR, "报省里", NotAllowed),
        (Role.APPROVER, " ", InvalidInput),
    ):
        wish = exporting.Personal(account=county.account(role), purpose=purpose)
        with pytest.raises(error):
            exporting.export(county.node, personal=wish)


def test_a_table_says_the_same_as_the_lines_and_runs_nothing(county, places):
    accept(county, places[VILLAGE], name="=cmd|' /C calc'!A0")
    approver = county.account(Role.APPROVER)
    wish = exporting.Personal(account=approver, purpose="报省统一受理平台")
    made = exporting.export(county.node, personal=wish)
    data = exchange_writing.write(made, "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    (line,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert tuple(line) == exchange_files.CLEAR + exchange_files.PERSONAL
    assert line["case"] == made.rows[0]["case"]
    assert line["name"] == "'=cmd|' /C calc'!A0"
    lines = exchange_writing.write(made, "jsonl").decode().splitlines()
    head, row = map(json.loads, lines)
    assert (head["type"], head["rows"], head["cursor"]) == ("head", 1, made.cursor)
    assert row["case"] == line["case"]


@pytest.mark.req("R-HN-19a")
def test_progress_and_numbers_of_another_system_flow_back_to_the_station(county, places):
    record = accept(county, places[VILLAGE])
    case = county.case(record)
    before = case.state.state
    done = told(county, row_of(case.state.text("official_number"), remark="等现场核查"))
    assert (done.taken, done.known, done.refused) == (1, 0, [])
    places[VILLAGE].sync(county)
    state = places[VILLAGE].case(record).state
    (number,) = (state.map(name) for name in state.values if name.startswith("external."))
    assert (number["system"], number["number"]) == (SYSTEM, "YSB-0001")
    (progress,) = (state.map(name) for name in state.values if name.startswith("progress."))
    assert (progress["status"], progress["remark"], progress["at"]) == ("审核中", "等现场核查", AT)
    assert state.state == before, "another system never moves a case"


def test_the_same_rows_read_again_write_nothing(county, places):
    record = accept(county, places[VILLAGE])
    state = county.case(record).state
    told(county, row_of(state.text("official_number")))
    facts = len(county.case(record).helds)
    again = told(county, row_of(state.text("official_number")), row_of(county.case(record).id))
    assert (again.taken, again.known) == (0, 2)
    assert len(county.case(record).helds) == facts
    later = told(county, row_of(state.text("official_number"), status="办结"))
    assert later.taken == 1
    assert len(county.case(record).helds) == facts + 1, "the number was known, the word is new"


@pytest.mark.req("R-HN-10")
def test_a_line_that_is_wrong_stops_no_other(county, places):
    record = accept(county, places[VILLAGE])
    number = county.case(record).state.text("official_number")
    done = told(
        county,
        row_of("豫000"),
        row_of(number, at="昨天"),
        row_of(number, remark="申请人13800000001已通知"),
        row_of(number, step="审核"),
        {"system": SYSTEM, "number": number, "at": AT},
        row_of(number),
    )
    assert done.taken == 1
    codes = {one.line: [problem.code for problem in one.problems] for one in done.refused}
    assert codes == {
        1: ["no_case"],
        2: ["instant"],
        3: ["personal"],
        4: ["unknown"],
        5: ["some"],
    }


def test_a_table_from_a_spreadsheet_is_read_in_both_codings(county, places):
    record = accept(county, places[VILLAGE])
    number = county.case(record).state.text("official_number")
    text = f"system,number,their_number,status,at\r\n{SYSTEM},{number},A-1,办结,{AT}\r\n,,,,\r\n"
    who = county.account(Role.APPROVER)
    for coding, taken in (("gb18030", 1), ("utf-8-sig", 0)):
        data = text.encode(coding)
        done = importing_progress.import_file(county.node, data, is_csv=True, account=who)
        assert (done.taken, done.refused) == (taken, [])
    with pytest.raises(InvalidInput):
        importing_progress.import_file(county.node, b"a,b\r\n1,2\r\n", is_csv=True, account=who)
    with pytest.raises(InvalidInput):
        importing_progress.import_file(county.node, b"\xff\xfe", is_csv=False, account=who)


def test_lines_that_are_no_rows_are_told_by_their_number(county):
    data = b'{"type":"head"}\n[1]\n\nnot json\n'
    who = county.account(Role.APPROVER)
    done = importing_progress.import_file(county.node, data, is_csv=False, account=who)
    assert [one.line for one in done.refused] == [2, 4]


@pytest.fixture
def hub(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "county" / "hub"))

    def command(*words):
        code = run(PROGRAM, [*map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


@pytest.mark.req("R-HN-10")
def test_the_commands_write_a_private_file_and_say_which_lines_were_refused(
    county, places, hub, tmp_path
):
    record = accept(county, places[VILLAGE])
    out = tmp_path / "out.jsonl"
    code, document = hub("exchange", "export", "--file", out)
    assert (code, document["rows"], document["cursor"]) == (0, 1, 1)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert hub("exchange", "status")[1]["waiting"] == 0
    code, document = hub("exchange", "export", "--file", tmp_path / "two.csv")
    assert document["rows"] == 0
    assert hub("exchange", "export", "--file", out, "--personal")[0] == 2
    rows = tmp_path / "in.jsonl"
    number = county.case(record).state.text("official_number")
    lines = [json.dumps(row_of(number)), json.dumps(row_of("豫000"))]
    write_private(rows, "\n".join(lines).encode())
    code, document = hub("exchange", "import", rows)
    assert (code, document["taken"]) == (3, 1)
    assert [one["line"] for one in document["refused"]] == [2]
    assert "豫000" in document["refused"][0]["errors"][0]
    code, document = hub("exchange", "import", rows)
    assert (code, document["taken"], document["known"]) == (3, 0, 1)


def test_a_miscopied_number_is_told_with_what_it_may_have_been(county, places):
    number = "L41152610120101261121001"
    right = TemporaryNumber(VILLAGE, 1, date(2026, 11, 21), 1).text
    assert right.startswith(number)
    accept(county, places[VILLAGE], temporary_number=right)
    wrong = right[:-2] + ("2" if right[-2] != "2" else "3") + right[-1]
    (refused,) = told(county, row_of(wrong)).refused
    assert [problem.code for problem in refused.problems] == ["no_case_check"]
    assert right in refused.problems[0].message_zh


@pytest.mark.req("R-HN-10")
def test_the_number_of_another_system_finds_the_case(county, places):
    record = accept(county, places[VILLAGE])
    told(county, row_of(county.case(record).id, their_number="YSB-2026-0001"))
    with county.node.database.read() as tx:
        assert acting.find_case(tx, "ysb 2026 0001") == record
