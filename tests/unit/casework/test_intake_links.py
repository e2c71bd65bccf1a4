"""What an intake may name besides the person: a matter, an online application, an earlier case."""

from dataclasses import replace

import pytest

from fixtures.builders import sample_item
from tests.unit.casework.cases import document, refused, taken, taken_of

EARLIER = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
FIRM = {
    "kind": "legal",
    "name": "青河镇示例合作社",
    "id_type": "uscc",
    "id_no": "91411599MA0000015R",
    "address": "青河镇1号",
    "division": "411599101201",
}


def test_a_case_names_the_matter_and_the_case_before():
    given = document("DEMO-SB-01", refiled_from=EARLIER.lower(), bundle=f"demo-yjs-01:{EARLIER}")
    fields = taken("DEMO-SB-01", given).acts[0].fields
    assert fields["refiled_from"] == EARLIER
    assert fields["bundle"] == f"DEMO-YJS-01:{EARLIER}"


def test_a_case_names_the_application_filed_online():
    given = document("DEMO-SB-01", online_ref=" 豫事办-0007 ")
    assert taken("DEMO-SB-01", given).acts[0].fields["online_ref"] == "豫事办-0007"


def test_what_is_not_named_stands_in_no_field():
    fields = taken("DEMO-SB-01").acts[0].fields
    assert not {"bundle", "online_ref", "refiled_from"} & set(fields)


@pytest.mark.parametrize(("name", "code"), [("bundle", "matter"), ("refiled_from", "record")])
def test_what_is_no_id_of_a_record_is_told(name, code):
    given = document("DEMO-SB-01", **{name: "XF-7"})
    assert (f"/{name}", code) in refused("DEMO-SB-01", given)


def test_a_firm_names_who_stands_for_it():
    stands = {"name": "王强", "id_no": "411599199006150024"}
    given = document("DEMO-SC-01") | {"applicant": FIRM | {"representative": stands}}
    item = replace(sample_item("DEMO-SC-01"), subjects=("natural", "legal"))
    fields = taken_of(item, given).acts[0].fields
    assert fields["representative.name"] == "王强"
    assert fields["representative.id_no"] == "411599199006150024"


def test_a_person_has_no_representative():
    given = document("DEMO-SB-01")
    given["applicant"] |= {"representative": {"name": "王强"}}
    assert ("/applicant/representative", "only_firms") in refused("DEMO-SB-01", given)


def test_the_number_of_a_representative_is_checked():
    wrong = {"name": "王强", "id_no": "411599199006150025"}
    given = document("DEMO-SC-01") | {"applicant": FIRM | {"representative": wrong}}
    found = refused("DEMO-SC-01", given)
    assert ("/applicant/representative/id_no", "id_check") in found
