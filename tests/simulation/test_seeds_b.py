"""The swarm: seeds 100 to 199, beside the first hundred on the other processor."""

import pytest

from tests.simulation import swarm

BLOCKS = range(10, 20)
PER_BLOCK = 10


@pytest.mark.parametrize("block", BLOCKS)
def test_all_promises_hold_after_healing(block):
    for seed in range(block * PER_BLOCK, (block + 1) * PER_BLOCK):
        outcome = swarm.of_seed(seed)
        assert not outcome.complaints, outcome.told()
