"""The table of the hub's commands: every entry leads to a function that takes its options."""

import importlib
import inspect

import pytest

from hub.cli import PROGRAM
from node.command import Noun


def verbs():
    for name, entry in PROGRAM.tree.items():
        if isinstance(entry, Noun):
            for verb_name, verb in entry.verbs.items():
                yield f"{name} {verb_name}", verb
        else:
            yield name, entry


@pytest.mark.parametrize(("name", "verb"), list(verbs()))
def test_the_function_of_a_verb_takes_its_options(name, verb):
    module, _, function = verb.run.partition(":")
    found = getattr(importlib.import_module(module), function)
    takes = set(inspect.signature(found).parameters) - {"call"}
    assert takes == {param.name for param in verb.params}, name
