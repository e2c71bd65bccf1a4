"""A counter that never rests: takes cases in and exchanges until it is killed.

`python -m tests.faults.counter DATA SEED`. It tells on standard output, a line each and at once,
what it begins and, only after the use case has returned, what it has confirmed.
"""

import random
import sys
from pathlib import Path

from fixtures import builders
from node import people
from node.clock import SystemClock
from node.config import DataDirectory
from node.errors import NodeError
from station.usecases import exchange, links
from station.usecases.intake import open_case
from station.usecases.opening import open_station

_EXCHANGE_EVERY = 20


def tell(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def work(data, seed):
    node = open_station(DataDirectory(Path(data)), None, SystemClock())
    with node.database.read() as tx:
        account = people.accounts(tx)[0]
    chance = random.Random(seed)
    carrier = links.carrier(node)
    number = 0
    while True:
        number += 1
        tell("intake")
        document = builders.case_document(
            builders.person(chance), builders.sample_item("DEMO-YL-01")
        )
        opened = open_case(node, document, account=account)
        tell(f"confirmed {opened.case} {opened.temporary_number}")
        if number % _EXCHANGE_EVERY == 0:
            tell("exchange")
            try:
                report = exchange.run(node, max_seconds=5, send=carrier)
                tell(f"receipted {report.receipts_up_to}")
            except NodeError as error:
                tell(f"failed {type(error).__name__}")


if __name__ == "__main__":
    work(sys.argv[1], int(sys.argv[2]))
