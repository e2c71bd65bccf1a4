"""A real county hub for browser tests: its app over HTTP, its cases made by real exchanges."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass

from cheroot import wsgi
from playwright.sync_api import expect

from casework.facts import Act
from casework.ids import Ulid
from crypto import trust
from crypto.entropy import random_bytes
from crypto.recipient import DecryptionKey
from crypto.signing import SigningKey
from crypto.trust import DeviceKeys
from fixtures.builders import sample_item
from hub.app import create_app
from hub.usecases import conflicts, enrolments, stations
from hub.usecases.stations import NewStation
from node import people
from node.enrolment import Asking, Revealing
from node.people import NewAccount
from tests.browser.hands import Hands
from tests.integration import hub_county
from tests.integration.hub_county import NOW, OUTLET, TOWNSHIP, VILLAGE, received

PASSWORD = "cdfg-hjkm-npqr"
HOSTILE = "<script>window.struck=1</script>\"'><img src=x onerror=window.struck=1>"
NEW_VILLAGE = "411526101203"
MINUTE = 60_000


@dataclass
class Office:
    """A county at work: the served hub, its places, and one case of each sort."""

    address: str
    county: hub_county.Hub
    places: dict
    cases: dict

    @property
    def clock(self):
        return self.county.node.clock

    def sync(self):
        """Everybody exchanges with the county until all is everywhere."""
        for _ in range(2):
            for place in self.places.values():
                place.sync(self.county)

    def checks(self, *, open_only=True):
        return conflicts.list_conflicts(self.county.node, open_only=open_only)

    def check_of(self, name):
        wanted = Ulid(self.cases[name]).text
        (found,) = [check for check in self.checks(open_only=False) if wanted in check.cases]
        return found

    def text(self, name):
        return Ulid(self.cases[name]).text

    def url(self, path):
        return f"{self.address}{path}"


@contextmanager
def open_office(factory, path):
    """Serve a copy of the template county with its cases until the block ends."""
    with hub_county.copy(factory, path) as (county, places):
        _people(county)
        office = Office("", county, places, {})
        _cases(office)
        with _served(create_app(county.node)) as office.address:
            yield office


@contextmanager
def _served(app):
    server = wsgi.Server(("127.0.0.1", 0), app, numthreads=4)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        thread.join()


def _people(county):
    with county.node.database.write() as tx:
        for login in ("admin", "reconciler", "approver"):
            people.set_password(tx, login, password=PASSWORD)
        for login, role in (("clerk", "clerk"), ("stray", "helper")):
            new = NewAccount(login, "李窗口", role, "411526000000")
            people.add(tx, new, now=NOW, password=PASSWORD)


def _cases(office):
    village, township, outlet = (office.places[code] for code in (VILLAGE, TOWNSHIP, OUTLET))
    for name in ("phones", "to_decide", "to_accept", "hostile"):
        office.cases[name] = hub_county.new_record()
    _receive(village, office.cases["phones"], id_no="411599199006150024")
    _receive(village, office.cases["to_decide"], id_no="411599194001010011", name="李建国")
    old = {"item": "DEMO-YL-01", "id_no": "411599193903030010", "name": "赵秀英"}
    _receive(village, office.cases["to_accept"], **old)
    strike = {"name": HOSTILE, "address": HOSTILE, "pickup": HOSTILE, "form.note": HOSTILE}
    _receive(village, office.cases["hostile"], id_no="411599193512310053", **strike)
    for name, place, account in (("first", village, "62170001"), ("second", outlet, "62170002")):
        office.cases[name] = hub_county.new_record()
        more = {"form.bank_account": account, "id_no": "411599196702140033", "name": "陈桂兰"}
        _receive(place, office.cases[name], item="DEMO-YL-01", **more)
    evidence = {"at": NOW, "place": VILLAGE, "by": "wang", "kind": "accepted", "due": "2026-12-04"}
    village.write(office.cases["to_decide"], Act("case.accepted", {"accepted": evidence}))
    office.sync()
    for place, phone in ((village, "13900000001"), (township, "13900000002")):
        for name in ("phones", "hostile"):
            fields = {"phone": phone if name == "phones" else f"{HOSTILE}{phone}"}
            act = Act("case.contact_corrected", fields)
            place.write(office.cases[name], act, actor=f"at{place.code[6:]}")
    office.sync()


def _receive(place, record, *, item="DEMO-SB-01", **more):
    copy = {"form": "copy", "copies": 1, "original_seen": True}
    papers = {f"material.{m.no}": {"no": m.no, **copy} for m in sample_item(item).materials}
    fields = received(place.code, item=item, **papers, **more)
    place.write(record, Act("case.received", fields))


def ask_to_join(county, code=NEW_VILLAGE, name="丙村"):
    """Bring a device of a new village to the point where somebody compares codes."""
    added = stations.add(county.node, NewStation(code=code, kind="village", name=name))
    signing, decryption = SigningKey(random_bytes(32)), DecryptionKey(random_bytes(32))
    keys = DeviceKeys(signing.verify_key, decryption.encryption_key)
    nonce = random_bytes(32)
    asking = Asking(added.enrolment_code, trust.commitment(nonce, keys))
    offer = enrolments.begin(county.node, asking, source="test")
    return enrolments.reveal(county.node, Revealing(offer.id, nonce, random_bytes(8), keys))


class Clerk(Hands):
    """Somebody at the county with a keyboard and no mouse."""

    def enter(self, login: str) -> None:
        """Sign in by typing."""
        self.page.goto(f"{self.address}/sign-in")
        self.write("#f-login", login)
        self.write("#f-password", PASSWORD)
        self.go("Enter")
        expect(self.page.locator(".who-name")).to_be_visible()

    def open_row(self, words: str) -> None:
        """Go down the rows of a list with j to the one that says this, and open it."""
        rows = self.page.locator("[data-rows] tbody th a")
        texts = rows.all_inner_texts()
        self.press(*["j"] * (next(n for n, text in enumerate(texts, 1) if words in text)))
        self.go("Enter")
