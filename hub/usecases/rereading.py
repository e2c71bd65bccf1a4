"""Reading the county's log again after an upgrade, and judging what could not be judged before."""

from casework import understanding
from casework.understanding import Understanding
from hub.keys import open_hub as unlock_hub
from hub.usecases import projections, supervising
from hub.usecases.judging import Judge
from hub.usecases.rules import HubRules, look_at, write_verdicts
from hub.usecases.sitting import Sitting
from node import quarantining, upgrading
from node.cases import Case
from node.clock import Clock
from node.config import DataDirectory
from node.runtime import Node
from sync.operation import Dot


def open_hub(directory: DataDirectory, passphrase: str | None, clock: Clock) -> Node:
    """Unlock a hub; what an older program derived is read again first.

    Raises:
        NotInitialised, Locked, WrongKey, DatabaseUnreachable: see `hub.keys.open_hub`.
        NodeError: it cannot store now.
    """
    node = unlock_hub(directory, passphrase, clock)
    try:
        catch_up(node)
    except BaseException:
        node.database.close()
        raise
    return node


def catch_up(node: Node) -> bool:
    """Read everything again where another program derived it last; says whether that was so."""

    def again(before: Understanding) -> None:
        supervising.rebuild(node)
        judge_again(node, before)
        quarantining.retry(node, HubRules(node))

    return upgrading.catch_up(node, again)


def judge_again(node: Node, before: Understanding) -> int:
    """Judge what the program before could not read; answers how many verdicts were needed.

    What it refused because it did not know it is ratified where nothing else stands against it.
    """
    count = 0
    for records in supervising.pages(node):
        with node.database.write() as tx:
            sitting = Sitting.begin(tx, node)
            judge = Judge(sitting)
            found = {
                case.record: said
                for case in sitting.derive(set(records))
                if (said := judge.review(case, _unread(case, before)))
            }
            if found:
                write_verdicts(sitting, found)
                look_at(sitting, sitting.derive(set(found)))
                projections.project(tx, sitting.derive(set(found)))
            count += sum(map(len, found.values()))
    return count


def _unread(case: Case, before: Understanding) -> set[Dot]:
    """Which operations of a case this program reads and the one before did not."""
    today = understanding.of_this_program()
    operations = (held.entry.operation for held in case.helds)
    return {
        one.dot
        for one in operations
        if today.reads(one.fact, one.field_names())
        and not before.reads(one.fact, one.field_names())
    }
