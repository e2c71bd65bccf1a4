"""A small county for one test: hub, township, two villages, and a line that a test can break.

Every node is a copy of one that enrolled by the real documents. People act by the use cases of
both programs; only HTTP is left out.
"""

import io
import shutil
from dataclasses import dataclass, field, replace

from PIL import Image

from casework.facts import Act
from casework.places import Role, township_of
from fixtures import builders
from fixtures.world import TOWNSHIP, VILLAGE_A, VILLAGE_B, account
from hub.keys import open_hub
from hub.usecases import conflicts, stations
from hub.usecases.rules import HubRules
from hub.usecases.stations import NewStation
from node import acting, casefile, ledger, people
from node.casefile import Sight, Wanted
from node.clock import FixedClock
from node.config import DataDirectory
from node.errors import RefusedByCounty
from node.ledger import CaseAct
from node.receiving import NoRules
from node.web import sync_api
from station.transport import Cause, Parent, failed
from station.transport.http import Address
from station.usecases import enrol, exchange, intake, photos, status
from station.usecases.opening import open_station
from sync.errors import Unauthorised
from tests.simulation.template import COUNTY, NOW, Desk, folder, template

PLACES = (TOWNSHIP, VILLAGE_A, VILLAGE_B)
ITEM = "DEMO-YL-01"


@dataclass
class Place:
    """A desk with a computer: the county's or a station's.

    Attributes:
        lines: whom it reaches; breaking one is a test's business.
    """

    code: str
    folder: object
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW, 1000))
    node: object = None
    lines: object = None

    def open(self):
        """Switch it on."""
        make = open_hub if self.code == COUNTY else open_station
        self.node = make(DataDirectory(self.folder), None, self.clock)
        return self

    def close(self):
        """Switch it off."""
        self.node.database.close()

    @property
    def door(self):
        """What it answers to those below."""
        rules = (lambda: HubRules(self.node)) if self.code == COUNTY else NoRules
        return sync_api.door_of(self.node, rules)

    @property
    def worker(self):
        """Who works there."""
        if self.code == COUNTY:
            return account(Role.RECONCILER, COUNTY, "reconciler")
        with self.node.database.read() as tx:
            return people.accounts(tx)[0]

    def take_in(self, who=1, address=None, **more):
        """Take the application of a person in; answers the case's id."""
        person = builders.person(builders.seeded(who))
        person = replace(person, address=address or person.address)
        document = builders.case_document(person, builders.sample_item(ITEM), **more)
        return intake.open_case(self.node, document, account=self.worker).case

    def attach(self, case, *, edge=400):
        """Photograph a paper; noise does not compress, so its size goes with its edge."""
        written = io.BytesIO()
        Image.effect_noise((edge, edge), 60).save(written, "PNG")
        return photos.attach(self.node, case, 1, written.getvalue(), self.worker)

    def write(self, case, fact, fields):
        """Write what no desk of ours lets through."""
        with self.node.database.write() as tx:
            me, at = self.node.identity_in(tx), self.node.moment(tx)
            acts = [CaseAct(acting.find_case(tx, case), Act(fact, fields))]
            ledger.write(tx, me, acts, actor=self.worker.login, at=at)

    def act(self, case, verb, **fields):
        """Do something on a case."""
        return acting.act(self.node, case, verb, fields, self.worker)

    def sync(self, **more):
        """Press 现在上传."""
        return exchange.run(self.node, max_seconds=60, send=self.lines, **more)

    @property
    def status(self):
        """Look at `station status`."""
        return status.status(self.node)

    @property
    def uploads(self):
        """Look at 上传情况."""
        return status.uploads(self.node)

    def cases(self):
        """The cases that stand in its list: id → how far each has come."""
        with self.node.database.read() as tx:
            me = self.node.identity_in(tx)
            found = casefile.list_cases(tx, me, Wanted(limit=1000))
        return {line.case: line.transport.value for line in found}

    def show(self, case):
        """A case as its page shows it, nothing masked."""
        with self.node.database.read() as tx:
            record = acting.find_case(tx, case)
            return casefile.show(tx, self.node.identity_in(tx), record, sight=Sight.OPEN)

    def values(self, case):
        """The values of a case."""
        with self.node.database.read() as tx:
            return dict(acting.load(tx, acting.find_case(tx, case)).state.values)

    def checks(self):
        """What waits for somebody at the county."""
        return conflicts.list_conflicts(self.node, open_only=True)


@dataclass
class Lines:
    """Carries to the parents, as a test wants it.

    Attributes:
        down: parents out of reach.
        lost: how many answers more are lost on their way back.
        jammed: no chunk of a photo passes.
        narrow: bytes of the largest message that passes; None: any.
        breaks: after so many pieces of a photo the line breaks; None: never.
        instead: answers everything, as a captive portal does.
        sizes: of every message that arrived, both ways.
    """

    doors: dict
    clock: FixedClock
    down: set = field(default_factory=set)
    lost: int = 0
    jammed: bool = False
    narrow: int | None = None
    breaks: int | None = None
    instead: bytes | None = None
    sizes: list = field(default_factory=list)
    sent: list = field(default_factory=list)

    def reaches(self, parent):
        return parent in self.doors

    def exchange(self, parent, message, *, patience):
        self._open(parent)
        self.sent.append(message)
        if self.instead is not None:
            return self.instead
        if self.narrow is not None and len(message) > self.narrow:
            raise failed(Cause.TOO_LARGE)
        try:
            answer = self.doors[parent]().answer(message)
        except Unauthorised as error:  # what HTTP says as 403
            raise RefusedByCounty from error
        self.sizes.append((len(message), len(answer)))
        self._lose()
        return answer

    def put_chunk(self, parent, name, chunk, data):
        self._photo(parent)
        return self.doors[parent]().put_chunk(name, chunk, data)

    def put_piece(self, parent, piece):
        self._photo(parent)
        return self.doors[parent]().put_piece(piece)

    def get_chunk(self, parent, name, chunk):
        self._photo(parent)
        return self.doors[parent]().get_chunk(name, chunk)

    def _open(self, parent):
        self.clock.advance(1000)
        if parent in self.down:
            raise failed(Cause.NO_NETWORK)

    def _photo(self, parent):
        self._open(parent)
        if self.jammed or self.breaks == 0:
            raise failed(Cause.NO_ANSWER)
        if self.breaks is not None:
            self.breaks -= 1

    def _lose(self):
        if self.lost > 0:
            self.lost -= 1
            raise failed(Cause.CUT)


@dataclass
class County:
    """Everybody; one clock for all, unless a test gives somebody another."""

    hub: Place
    town: Place
    village: Place
    neighbour: Place

    @classmethod
    def copied(cls, below):
        """A copy of the county in a directory."""
        shutil.copytree(template(), below, dirs_exist_ok=True)
        clock = FixedClock(NOW, 1000)
        made = cls(*(Place(c, folder(below, c), clock).open() for c in (COUNTY, *PLACES)))
        for place in (made.town, made.village, made.neighbour):
            made.connect(place)
        return made

    def connect(self, place):
        """Lay the lines of a place."""
        doors = {Parent.COUNTY: lambda: self.hub.door}
        if place is not self.town:
            doors[Parent.TOWNSHIP] = lambda: self.town.door
        place.lines = Lines(doors, place.clock)

    def settle(self, *places):
        """Let places exchange until all have everything; without any, everybody."""
        for _ in range(2):
            for place in places or (self.village, self.neighbour, self.town):
                place.sync()

    def enrol_anew(self, place):
        """What `station init` with a new code does on a computer that was stopped."""
        new = NewStation(code=place.code, kind=_KINDS[place.code], name="新", pre_approve=True)
        code = stations.add(self.hub.node, new).enrolment_code
        desk = Desk(self.hub.node)
        enrol.begin(place.node, desk, enrol.Wish(hub=Address("https://hub.invalid"), code=code))
        return enrol.poll(place.node, desk)

    def close(self):
        for place in (self.hub, self.town, self.village, self.neighbour):
            place.close()


_KINDS = {TOWNSHIP: "township", VILLAGE_A: "village", VILLAGE_B: "village"}
assert {township_of(code) for code in PLACES} == {TOWNSHIP}
