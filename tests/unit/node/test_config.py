"""Where a node keeps its things."""

from pathlib import Path

import pytest

from node import config
from node.config import DataDirectory
from node.errors import NoDataDirectory, NotInitialised


def test_the_option_wins_over_the_environment():
    env = {"HUB_DATA": "/from/env"}
    assert config.find("/opt", env, variable="HUB_DATA").path == Path("/opt")
    assert config.find(None, env, variable="HUB_DATA").path == Path("/from/env")
    assert config.find("", env, variable="HUB_DATA").path == Path("/from/env")


@pytest.mark.parametrize("env", [{}, {"STATION_DATA": ""}, {"HUB_DATA": "/other/program"}])
def test_without_either_there_is_no_place(env):
    with pytest.raises(NoDataDirectory):
        config.find(None, env, variable="STATION_DATA")


@pytest.mark.parametrize("name", ["village", "village.d", "village/"])
def test_the_key_file_lies_beside_the_directory_never_in_it(tmp_path, name):
    directory = DataDirectory(Path(f"{tmp_path}/{name}"))
    assert directory.key_file.parent == tmp_path
    assert not directory.key_file.is_relative_to(directory.path.absolute())


def test_everything_else_lies_in_it(tmp_path):
    directory = DataDirectory(tmp_path)
    for path in (
        directory.database, directory.slots, directory.blobs, directory.spool, directory.logs,
        directory.tls_certificate, directory.tls_key,
    ):  # fmt: skip
        assert path.parent == tmp_path


def test_a_directory_without_keys_is_no_node(tmp_path):
    directory = DataDirectory(tmp_path / "village")
    directory.create()
    assert not directory.initialised
    with pytest.raises(NotInitialised):
        directory.require()
    directory.slots.touch()
    assert directory.require() is directory


def test_folders_are_for_the_owner_only(tmp_path):
    directory = DataDirectory(tmp_path / "a" / "village")
    directory.create()
    for path in (directory.path, directory.blobs, directory.spool, directory.logs):
        assert path.stat().st_mode & 0o777 == 0o700
