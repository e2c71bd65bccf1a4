"""Whole numbers are for those whose item it is."""

from dataclasses import replace

import pytest

from casework.facts import Act
from hub.usecases import unmasking
from node.errors import NotAllowed
from tests.integration import hub_county as tools
from tests.integration.hub_county import VILLAGE, new_record, received


def test_an_approver_sees_the_numbers_of_his_own_department_only(tmp_path_factory, tmp_path):
    with tools.copy(tmp_path_factory, tmp_path) as (county, places):
        record = new_record()
        places[VILLAGE].write(record, Act("case.received", received(VILLAGE)))
        places[VILLAGE].sync(county)
        case = county.case(record).id
        approver = county.account("approver")
        stranger = replace(approver, department="气象局")
        with pytest.raises(NotAllowed):
            unmasking.unmask(county.node, case, purpose="核对", account=stranger)
        assert unmasking.looks(county.node) == []
        unmasking.unmask(county.node, case, purpose="核对", account=approver)
        assert len(unmasking.looks(county.node)) == 1
