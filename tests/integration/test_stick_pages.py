"""The pages by which a stick is written and read: the real apps, the real hub, no network."""

import io
import re

import pytest

from crypto.signing import SigningKey
from fixtures import builders
from fixtures.counters import furnish
from fixtures.world import TOWNSHIP, VILLAGE_A, World, sample
from hub.app import create_app as hub_app
from hub.usecases import sticks as hub_sticks
from node import people
from node.config import DataDirectory
from node.people import NewAccount
from node.web.stick_words import MOST_BYTES
from station.app import create_app, open_door
from station.rows import SCRIPTS
from sync import bundle_file, head
from sync.bundle_file import Frame, Kind
from tests.integration import hub_county
from tests.integration.hub_county import VILLAGE, receive

pytestmark = pytest.mark.enable_socket
"""Only for this computer's own name, under which its pages may be visited."""

PASSWORD = "cdfg-hjkm-npqr"


def token(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)


def enter(client, login):
    form = {"login": login, "password": PASSWORD}
    form["csrf_token"] = token(client.get("/sign-in").text)
    assert client.post("/sign-in", data=form).status_code == 303
    return client


@pytest.fixture
def world(memory_path):
    made = World(memory_path)
    made.begin()
    for code in (TOWNSHIP, VILLAGE_A):
        one = furnish(made.add(code))
        role = "clerk" if code == TOWNSHIP else "helper"
        with one.node.database.write() as tx:
            people.add(tx, NewAccount("wang", "王", role, code), now=1, password=PASSWORD)
            tx.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY)")
            tx.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (SCRIPTS.head,))
    yield made
    made.close()


def counter(one):
    """Sign in at the pages of a station."""
    directory = DataDirectory(one.node.directory.path)
    door, background = open_door(directory, clock=one.node.clock, passphrase=None)
    app = create_app(door, background, directory=directory, clock=one.node.clock)
    return enter(app.test_client(), "wang")


def post(client, path, *, files=(), **form):
    data = {**form, "csrf_token": token(client.get("/stick").text)}
    data["file"] = [(io.BytesIO(one), f"{at}.stick") for at, one in enumerate(files)]
    return client.post(path, data=data, content_type="multipart/form-data")


def take_in(world, one):
    return one.take_in(builders.case_document(builders.person(world.chance), sample("DEMO-YL-01")))


def fetched(answer):
    """The bytes of a download, as a browser takes them: to the end, then it hangs up."""
    with answer:
        return answer.data


def kinds(file):
    found = bundle_file.frames(io.BytesIO(file))
    return [one.kind for one in found if isinstance(one, Frame)]


def test_a_helper_saves_a_file_and_reads_the_reply_back(world):
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    take_in(world, village)
    helper, clerk = counter(village), counter(town)
    assert "现在有 1 件、0 张照片等着。" in helper.get("/stick").text
    saved = post(helper, "/stick/save", photos="yes")
    assert saved.status_code == 200
    assert re.search(rf"bangban-{VILLAGE_A}-[\d-]+-up\.stick", saved.headers["Content-Disposition"])
    file = fetched(saved)
    assert Kind.BUNDLE in kinds(file)

    read = post(clerk, "/stick/read", files=[file])
    assert "新来了 2 条记录。" in read.text
    reply = fetched(clerk.get("/stick/reply"))
    assert kinds(reply) == [Kind.COUNTY, Kind.CATALOGUE, Kind.ANSWER]

    back = post(helper, "/stick/read", files=[reply])
    assert "县里新确认 0 件,还有 1 件等着。" in back.text  # a township's word is no receipt
    again = post(clerk, "/stick/read", files=[file])
    assert "没有重复" in again.text


def test_what_is_no_file_of_ours_is_told_at_its_field(world):
    helper = counter(world.stations[VILLAGE_A])
    nothing = post(helper, "/stick/read")
    assert (nothing.status_code, "先选一个文件" in nothing.text) == (422, True)
    wrong = post(helper, "/stick/read", files=[b"PK\x03\x04 ../../etc/passwd"])
    assert (wrong.status_code, "这不是本县的U盘文件" in wrong.text) == (422, True)
    assert helper.get("/stick/reply").status_code == 404


def in_one_piece(form, large):
    """A multipart body of bytes; the client's own helper would leave a file open."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in form.items()
    ]
    name = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    return b"".join([*parts, name, large, b"\r\n--x--\r\n"])


def test_only_who_is_signed_in_may_send_a_large_file(world):
    helper = counter(world.stations[VILLAGE_A])
    large = bytes(40 << 20)
    assert len(large) < MOST_BYTES
    body = in_one_piece({"csrf_token": token(helper.get("/stick").text)}, large)
    kind = "multipart/form-data; boundary=x"
    assert helper.post("/stick/read", data=body, content_type=kind).status_code == 422
    assert helper.post("/upload/retry", data=body, content_type=kind).status_code == 413
    helper.delete_cookie(next(k[2] for k in helper._cookies if not k[2].endswith("_form")))
    assert helper.post("/stick/read", data=body, content_type=kind).status_code == 413


def test_the_upload_page_leads_to_the_stick_and_the_day_sheet(world):
    village = world.stations[VILLAGE_A]
    take_in(world, village)
    helper = counter(village)
    page = helper.get("/upload").text
    assert "/stick#save" in page
    assert "/stick#read" in page
    assert "今天打印回执 1 张 = 县里收到 0 + 等待 1。" in page
    sheet = helper.get("/day-sheet").text
    assert "1 件,打印回执 0 张" in sheet
    assert "<svg" in sheet
    assert helper.get("/day-sheet?date=nonsense").status_code == 422


@pytest.fixture
def office(tmp_path_factory, tmp_path):
    with hub_county.copy(tmp_path_factory, tmp_path) as (county, places):
        with county.node.database.write() as tx:
            for login in ("admin", "approver"):
                people.set_password(tx, login, password=PASSWORD)
        yield county, places[VILLAGE], enter(hub_app(county.node).test_client(), "admin")


def send(client, path, **form):
    data = {**form, "csrf_token": token(client.get("/sticks").text)}
    return client.post(path, data=data, content_type="multipart/form-data")


def test_the_county_reads_a_file_and_gives_the_reply(office):
    county, _village, clerk = office
    file = io.BytesIO()
    hub_sticks.export(county.node, VILLAGE, file)
    read = send(clerk, "/sticks/read", file=(io.BytesIO(file.getvalue()), "a.stick"))
    assert "读好了。新收下 0 条记录。" in read.text
    assert kinds(fetched(clerk.get("/sticks/reply"))) == [Kind.COUNTY, Kind.CATALOGUE]
    wrong = send(clerk, "/sticks/read", file=(io.BytesIO(b"x"), "a.stick"))
    assert (wrong.status_code, "这不是本县的U盘文件" in wrong.text) == (422, True)
    assert send(clerk, "/sticks/read").status_code == 422


def test_the_county_types_the_letters_of_a_sheet(office):
    county, village, clerk = office
    receive(village)
    mine = head.Head(village.me.replica, 3, bytes(16), county.node.clock.now_ms())
    lines = list(head.to_lines(head.sign(mine, village.me.signing)))
    found = send(clerk, "/sticks/head", text="\n".join(lines))
    assert "还缺 3 条" in found.text
    lines[1] = "K" * 26
    wrong = send(clerk, "/sticks/head", text="\n".join(lines))
    assert (wrong.status_code, "第 2 行没有输对" in wrong.text) == (422, True)
    stranger = head.Head(bytes(8), 3, bytes(16), 0)
    code = head.to_code(head.sign(stranger, SigningKey(bytes(32))))
    assert send(clerk, "/sticks/head", text=code).status_code == 422
    assert send(clerk, "/sticks/head", text="").status_code == 422


def test_only_who_serves_the_desk_sees_the_page(office):
    county, _village, clerk = office
    assert "读U盘" in clerk.get("/stations").text
    approver = enter(hub_app(county.node).test_client(), "approver")
    assert approver.get("/sticks").status_code == 403
