"""The private cluster starts, keeps Chinese text, and hands out databases that share nothing."""

import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.postgres


def _ask(url, *statements):
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            for statement in statements[:-1]:
                connection.execute(sa.text(statement))
            return connection.execute(sa.text(statements[-1])).scalar()
    finally:
        engine.dispose()


def test_it_listens_on_its_socket_only(postgres_url):
    assert _ask(postgres_url, "show listen_addresses") == ""


def test_chinese_text_comes_back(postgres_url):
    assert _ask(postgres_url, "select cast('潢川县' as text)") == "潢川县"


def test_trigrams_see_chinese_letters(postgres_url):
    similar = "select similarity('潢川县张集乡', '张集乡')"
    assert _ask(postgres_url, "create extension pg_trgm", similar) > 0


@pytest.mark.parametrize("_time", [1, 2])
def test_each_test_gets_an_empty_database(postgres_url, _time):
    tables = "select count(*) from information_schema.tables where table_schema = 'public'"
    assert _ask(postgres_url, tables) == 0
    assert _ask(postgres_url, "create table left_behind (x int)", tables) == 1
