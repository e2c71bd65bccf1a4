"""Personal data is shown masked, and in full only for a purpose that is kept."""

import pytest

from node.errors import InvalidInput
from station.usecases import intake, seeing


def test_in_full_only_with_a_purpose_and_never_without_a_trace(village, document):
    opened = intake.open_case(village.node, document, account=village.worker)
    phone = document["applicant"]["phone"]
    hidden = seeing.masked(village.node, opened.case).fields["phone"].value
    assert hidden == f"{phone[:3]}****{phone[-4:]}"
    assert seeing.seen(village.node, opened.case) == []
    for purpose in ("", "  ", "x" * 201):
        with pytest.raises(InvalidInput):
            seeing.unmasked(village.node, opened.case, purpose=purpose, account=village.worker)
    found = seeing.unmasked(
        village.node, opened.temporary_number, purpose="核对电话", account=village.worker
    )
    assert found.fields["phone"].value == phone
    (trace,) = seeing.seen(village.node, opened.case)
    assert (trace.account, trace.purpose) == (village.worker.login, "核对电话")
