"""Where money hangs on a difference, one reconciler decides and another one confirms."""

import pytest

from casework.facts import Act
from hub.usecases.projections import CheckState
from node import people
from node.people import NewAccount
from tests.browser.office import PASSWORD, Clerk, open_office
from tests.integration.hub_county import NOW, TOWNSHIP, VILLAGE

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture
def office(tmp_path_factory, tmp_path):
    with open_office(tmp_path_factory, tmp_path) as opened:
        with opened.county.node.database.write() as tx:
            new = NewAccount("second", "周复核", "reconciler", "411526000000")
            people.add(tx, new, now=NOW, password=PASSWORD)
        for code, account in ((VILLAGE, "62170011"), (TOWNSHIP, "62170022")):
            corrected = {"form.bank_account": account, "correction_reason": "写错了"}
            act = Act("case.application_corrected", corrected)
            opened.places[code].write(opened.cases["to_decide"], act)
        note = {"at": NOW, "place": VILLAGE, "by": "wang", "stance": "mine", "text": "看着存折抄的"}
        opened.sync()
        check = opened.check_of("to_decide").id
        noted = Act("case.noted", {"note.N": {**note, "about": check}})
        opened.places[VILLAGE].write(opened.cases["to_decide"], noted)
        opened.sync()
        yield opened


def test_the_first_word_waits_for_a_second_person(page, chromium, office):
    check = office.check_of("to_decide")
    dot = next(s.dot for s in check.fields["form.bank_account"] if s.station == VILLAGE)
    first = Clerk(page, office.address)
    first.enter("reconciler")
    first.page.goto(office.url(f"/conflicts/{check.id}"))
    first.shown("要两个人")
    first.shown("看着存折抄的")
    first.choose("choose.form.bank_account", dot)
    first.write("#f-reason", "打电话问过本人")
    first.use("button[name=go]")
    first.shown("等另一位对账员确认")
    assert office.check_of("to_decide").state is CheckState.OPEN
    first.page.goto(office.url(f"/conflicts/{check.id}"))
    first.shown("是您先定的")
    assert first.page.locator("form[action$='/confirm']").count() == 0

    context = chromium.new_context(locale="zh-CN")
    second = Clerk(context.new_page(), office.address)
    second.enter("second")
    second.page.goto(office.url(f"/conflicts/{check.id}"))
    second.use("form[action$='/confirm'] button")
    done = office.check_of("to_decide")
    assert (done.state, done.settled.by) == (CheckState.RESOLVED, "second")
    value = office.county.case(office.cases["to_decide"]).state.text("form.bank_account")
    assert value == "62170011"
    assert second.complaints == first.complaints == []
    context.close()
