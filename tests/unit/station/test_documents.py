"""Papers at the counter certify what was done, and nothing else."""

import pytest

from casework.documents import DocumentKind
from node.errors import InvalidInput
from station.usecases import documents, intake


@pytest.mark.parametrize(
    "kind",
    [DocumentKind.DEFICIENCY_PROMISE, DocumentKind.RESULT_DELIVERY, DocumentKind.WITHDRAWAL],
)
def test_nobody_prints_a_numbered_paper_about_what_was_not_done(village, document, kind):
    opened = intake.open_case(village.node, document, account=village.worker)
    with pytest.raises(InvalidInput):
        documents.document(village.node, opened.case, kind, village.worker)
    village.act(opened.case, "withdraw", {})
    made = documents.document(village.node, opened.case, DocumentKind.WITHDRAWAL, village.worker)
    assert made.reprint == 0
