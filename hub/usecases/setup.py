"""`hub init`: keys, database, county document, divisions, catalogue and the first accounts.

Everything that can be wrong with what was given is found before anything is made. The keys come
first and the one transaction that makes the county last: after a crash in between, the same
command goes on where it stopped.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final, cast

import sqlalchemy as sa

from casework import catalogue_reading, publication_rules, workdays
from casework.errors import CaseworkError, FieldProblem
from casework.places import PlaceKind, Role, county_of, is_station_code
from casework.values import Value
from crypto import certificate, trust
from crypto.certificate import DeviceCertificate
from crypto.entropy import random_bytes
from crypto.signing import SigningKey
from crypto.trust import CountyDocument
from hub.keys import GROUPING, ISSUER, ROOT, open_hub
from hub.usecases import authorisation_defaults, authorisation_records
from node import identity, people, publication
from node import keys as node_keys
from node.clock import Clock
from node.config import DataDirectory
from node.db import Database
from node.errors import AlreadyInitialised, FileUnreadable, InvalidInput, NotInitialised
from node.keys import NodeKeys
from node.opening import DATABASE_URL
from node.people import Issued, NewAccount
from node.runtime import Node
from node.tables import identity as identity_table

_SEED_BYTES: Final = 32
_REPLICA_BYTES: Final = 8
_EPOCH_BYTES: Final = 8
_ROLES: Final = (Role.CLERK, Role.APPROVER, Role.RECONCILER, Role.ADMINISTRATOR)
_FIRST: Final = (
    ("admin", "县管理员", Role.ADMINISTRATOR),
    ("reconciler", "对账员", Role.RECONCILER),
    ("approver", "审批人员", Role.APPROVER),
)
_NOTE: Final = "第一次发布"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What `hub init` is told.

    Attributes:
        county: 6 or 12 digits.
        database_url: of PostgreSQL; None: an encrypted file in the data directory.
        regions: JSON file of the divisions; None: the ones shipped for the county.
        catalogue: JSON file of the items; None: the sample.
        passphrase: None: unattended.
    """

    county: str
    database_url: str | None = None
    regions: Path | None = None
    catalogue: Path | None = None
    passphrase: str | None = None


@dataclass(frozen=True, slots=True)
class Initialised:
    """A new county.

    Attributes:
        county: 12 digits.
        accounts: administrator first; their passwords are shown once.
        root_fingerprint: to compare by eye at enrolments by file.
    """

    county: str
    name: str
    accounts: tuple[Issued, ...]
    root_fingerprint: str


def init(directory: DataDirectory, request: Request, *, clock: Clock) -> Initialised:
    """Make a county hub.

    Raises:
        InvalidInput: county, divisions or catalogue are not right; nothing was made.
        AlreadyInitialised: a hub is there; it is never written over.
        DatabaseUnreachable: PostgreSQL does not answer; nothing was made.
        FileUnreadable: a file that was named cannot be read.
    """
    county = _county(request.county)
    document = _document(county, request)
    if request.database_url is not None:
        _connect(request.database_url)
    keys = _keys(directory, request)
    node = open_hub(directory, request.passphrase, clock)
    with closing(node.database), node.database.write() as tx:
        name = str(_part(document, "regions").get("name", county))
        _found(tx, node, keys, county=county, name=name)
        accounts = tuple(_accounts(tx, county, now=clock.now_ms()))
        _authorise(tx, node, accounts)
        letters = authorisation_records.part(tx, clock.now_ms())
        _publish(tx, node, {**document, "authorisations": letters})
    root = SigningKey(keys.secret(ROOT)).verify_key
    return Initialised(county, name, accounts, trust.fingerprint(root))


def _county(given: str) -> str:
    code = given.strip().ljust(12, "0")
    if not is_station_code(code) or county_of(code) != code:
        raise _wrong("/county", "县的区划代码要6位数字。看区划表再写。", "Six digits are needed.")
    return code


def _document(county: str, request: Request) -> dict[str, object]:
    """Read and check what will be published, in one document."""
    regions = _read(request.regions, f"regions_{county[:6]}.json", "/regions")
    if str(regions.get("code", "")) != county:
        raise _wrong("/regions", "区划表不是这个县的。换一份。", "Divisions of another county.")
    catalogue = _read(request.catalogue, "sample_catalogue.json", "/catalogue")
    holidays = _read(None, "holidays_2026.json", "/holidays")
    try:
        read = catalogue_reading.parse(cast("Value", catalogue))
        # What lacks of a guide is warned of at the next version; secrets never come in (R-GX-22).
        if refused := publication_rules.check(read, known=[read]).errors:
            raise InvalidInput(refused)
        workdays.parse(cast("Value", holidays))
    except CaseworkError as error:
        raise InvalidInput(getattr(error, "errors", ())) from error
    return {"catalogue": catalogue, "holidays": holidays, "regions": regions, "note": _NOTE}


def _read(named: Path | None, shipped: str, pointer: str) -> dict[str, object]:
    try:
        text = (named or resources.files("hub.shipped") / shipped).read_text(encoding="utf-8")
        found = json.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        if named is not None:
            raise FileUnreadable(str(named)) from error
        zh, en = "没有这个县的区划表。用 --regions 给一份。", "No divisions; give --regions."
        raise _wrong(pointer, zh, en) from error
    except ValueError as error:
        raise _wrong(pointer, "文件不是 JSON。换一份。", "The file is not JSON.") from error
    if not isinstance(found, dict):
        raise _wrong(pointer, "文件里要是一个 JSON 对象。", "A JSON object is needed.")
    return found


def _part(document: dict[str, object], name: str) -> dict[str, object]:
    return cast("dict[str, object]", document[name])


def _wrong(pointer: str, zh: str, en: str) -> InvalidInput:
    return InvalidInput([FieldProblem(pointer, "value", zh, en)])


def _connect(url: str) -> None:
    try:
        database = Database.url(url)
    except ValueError as error:
        zh = "数据库地址要以 postgresql:// 开头。"
        raise _wrong("/database_url", zh, "It must begin with postgresql://.") from error
    database.close()


def _keys(directory: DataDirectory, request: Request) -> NodeKeys:
    """Make the county's keys; an `init` that was cut off before the county stood goes on."""
    if directory.initialised:
        keys = _resumed(directory, request)
    else:
        keys = node_keys.create(directory, request.passphrase)
    for name in (ROOT, ISSUER, GROUPING):
        if not keys.has_secret(name):
            keys = node_keys.keep_secret(directory, keys, name, secret=random_bytes(_SEED_BYTES))
    if request.database_url is not None:
        secret = request.database_url.encode()
        keys = node_keys.keep_secret(directory, keys, DATABASE_URL, secret=secret)
    return keys


def _resumed(directory: DataDirectory, request: Request) -> NodeKeys:
    keys = node_keys.unlock(directory, request.passphrase)
    node = open_hub(directory, request.passphrase, _NoClock())
    try:
        node.identity()
    except NotInitialised:
        return keys
    finally:
        node.database.close()
    raise AlreadyInitialised(str(directory.path))


class _NoClock:
    """Nothing is timed while looking whether a county stands."""

    def now_ms(self) -> int:
        """No time."""
        return 0

    def monotonic_ms(self) -> int:
        """No time."""
        return 0


def _found(tx: sa.Connection, node: Node, keys: NodeKeys, *, county: str, name: str) -> None:
    """Write who this hub is: own certificate, county document, first feed epoch."""
    root, issuer = SigningKey(keys.secret(ROOT)), SigningKey(keys.secret(ISSUER))
    own = DeviceCertificate(
        station=county,
        station_kind=PlaceKind.COUNTY.value,
        station_name=name,
        replica=random_bytes(_REPLICA_BYTES),
        verify_key=keys.signing.verify_key,
        encryption_key=keys.decryption.encryption_key,
        roles=tuple(role.value for role in _ROLES),
        scope=county[:6],
        version=1,
        valid_from_seq=1,
    )
    message = certificate.issue(own, issuer)
    sealed_to = (keys.decryption.encryption_key,)
    county_document = CountyDocument(
        county, name, root.verify_key, issuer.verify_key, message, sealed_to, 1
    )
    tx.execute(
        sa.insert(identity_table).values(
            station=county,
            kind=PlaceKind.COUNTY.value,
            name=name,
            replica=own.replica,
            certificate=message,
            county_document=trust.issue(county_document, root),
            root_key=root.verify_key.raw,
            trust=1,
            epoch=random_bytes(_EPOCH_BYTES),
        )
    )
    identity.learn(tx, node.identity_in(tx).hub, message)


def _publish(tx: sa.Connection, node: Node, document: dict[str, object]) -> None:
    message = publication.publish(1, document, node.keys.signing)
    me, now = node.identity_in(tx), node.clock.now_ms()
    publication.take_published(tx, me, message, now=now)


def _authorise(tx: sa.Connection, node: Node, accounts: tuple[Issued, ...]) -> None:
    """The first approver decides for every department, until real letters are written (R-NX-34)."""
    for issued in accounts:
        if issued.account.role is Role.APPROVER:
            authorisation_defaults.give_person(tx, node, issued.account.login)


def _accounts(tx: sa.Connection, county: str, *, now: int) -> Iterator[Issued]:
    for login, name, role in _FIRST:
        new = NewAccount(login=login, name=name, role=role, station=county, first=True)
        yield people.add(tx, new, now=now)
