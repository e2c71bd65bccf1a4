"""The swarm: seeds 0 to 99, and before them every seed that ever failed."""

import pytest

from tests.simulation import swarm

BLOCKS = range(10)
PER_BLOCK = 10


@pytest.mark.parametrize("seed", swarm.known())
def test_what_failed_once_holds(seed):
    outcome = swarm.of_seed(seed)
    assert not outcome.complaints, outcome.told()


@pytest.mark.parametrize("block", BLOCKS)
def test_all_promises_hold_after_healing(block):
    for seed in range(block * PER_BLOCK, (block + 1) * PER_BLOCK):
        outcome = swarm.of_seed(seed)
        assert not outcome.complaints, outcome.told()
