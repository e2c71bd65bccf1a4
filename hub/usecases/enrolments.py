"""How a device joins: it brings a one-time code, commits, reveals, and somebody compares a code.

A code only finds its request; what is trusted is the match code that two people compare, and one
code gives one try: whoever reveals other keys than those committed to has spoilt it. A repeated
message, because an answer was lost, gets the same answer.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from crypto import trust
from crypto.errors import CryptoError
from crypto.signing import VerifyKey
from hub.rows import enrolment, enrolment_failure
from hub.usecases import registry, stations
from hub.usecases.stations import ISSUED, Station
from node.db import upsert
from node.enrolment import (
    Asking,
    Decision,
    EnrolledAs,
    EnrolmentState,
    Offer,
    Revealed,
    Revealing,
)
from node.errors import NotFound, RefusedByCounty, TooManyTries
from node.identity import Identity
from node.runtime import Node
from node.sessions import wait_ms
from node.tables import identity as identity_table
from node.tables import published
from sync.adapters.tables import author

BY_RULE: Final = "system"
_KEPT_MS: Final = 86_400_000
_WORDS: Final = {
    "code": "开通码不对、用过了或者过期了，要一个新的",
    "spoilt": "钥匙和先前承诺的对不上，这次开通作废，要一个新的开通码",
    "replica": "这台设备的编号已经有了，重新做一次开通",
}


@dataclass(frozen=True, slots=True)
class _Refused:
    """A refusal that must be written down before it is raised."""

    error: RefusedByCounty


def begin(node: Node, asking: Asking, *, source: str) -> Offer:
    """Take a one-time code and a commitment.

    Args:
        node: the hub.
        asking: step 1 of the station.
        source: the address it came from; wrong codes are counted by it.

    Raises:
        RefusedByCounty: there is no such code, or it was used or is too old.
        TooManyTries: too many wrong codes from there; it was not even looked at.
    """
    found = node.database.run(lambda tx: _begin(tx, node, asking, _source_hash(source)))
    if isinstance(found, _Refused):
        raise found.error
    return found


def _begin(tx: sa.Connection, node: Node, asking: Asking, source: bytes) -> Offer | _Refused:
    now = node.clock.now_ms()
    failures = _require_patience(tx, source, now)
    row = _by_code(tx, asking, now)
    if row is None:
        values = {"source_hash": source, "failures": failures + 1, "last_at": now}
        upsert(tx, enrolment_failure, values)
        return _Refused(RefusedByCounty(_WORDS["code"]))
    e = enrolment.c
    changed = {"commitment": asking.commitment, "state": EnrolmentState.BEGUN.value}
    tx.execute(sa.update(enrolment).where(e.id == row["id"]).values(**changed))
    tx.execute(sa.delete(enrolment_failure).where(enrolment_failure.c.source_hash == source))
    return _offer(tx, node.identity_in(tx), row)


def _by_code(tx: sa.Connection, asking: Asking, now: int) -> sa.RowMapping | None:
    """The enrolment that a code opens: a fresh one, or its own again after a lost answer."""
    e = enrolment.c
    wanted = sa.select(enrolment).where(
        e.code_hash == stations.code_hash(asking.code), e.expires_at > now
    )
    row = tx.execute(wanted.with_for_update()).mappings().first()
    if row is None or row["state"] == ISSUED:
        return row
    again = row["state"] == EnrolmentState.BEGUN and row["commitment"] == asking.commitment
    return row if again else None


def _require_patience(tx: sa.Connection, source: bytes, now: int) -> int:
    """How many wrong codes came from there of late.

    Raises:
        TooManyTries: so many that the next one has to wait.
    """
    f = enrolment_failure.c
    row = tx.execute(sa.select(f.failures, f.last_at).where(f.source_hash == source)).first()
    if row is None or now - row.last_at > _KEPT_MS:
        return 0
    left = row.last_at + wait_ms(row.failures) - now
    if left > 0:
        raise TooManyTries(-(-left // 1000))
    return int(row.failures)


def _source_hash(source: str) -> bytes:
    return hashlib.sha256(source.encode()).digest()


def _offer(tx: sa.Connection, me: Identity, row: sa.RowMapping) -> Offer:
    place = stations.registered(tx)[row["station"]]
    return Offer(
        id=row["id"],
        hub_nonce=row["hub_nonce"],
        county_document=me.county_message,
        root_key=VerifyKey(tx.execute(sa.select(identity_table.c.root_key)).scalar_one()),
        station=EnrolledAs(place.code, place.kind, place.name, place.partner),
    )


def reveal(node: Node, revealing: Revealing) -> Revealed:
    """Take the keys that were committed to; answer with the match code of both screens.

    Args:
        node: the hub.
        revealing: step 2 of the station.

    Raises:
        NotFound: no enrolment of this id waits for keys.
        RefusedByCounty: they are not the ones committed to; the code is spent.
    """
    found = node.database.run(lambda tx: _reveal(tx, node, revealing))
    if isinstance(found, _Refused):
        raise found.error
    return found


def _reveal(tx: sa.Connection, node: Node, revealing: Revealing) -> Revealed | _Refused:
    row = _locked(tx, revealing.id)
    if row["state"] in _ANSWERED and row["nonce"] == revealing.nonce:
        return Revealed(EnrolmentState(row["state"]), row["match_code"])
    if row["state"] != EnrolmentState.BEGUN:
        raise NotFound("enrolment", revealing.id.hex())
    fault = _fault(tx, row, revealing)
    if fault:
        _set(tx, row["id"], state=EnrolmentState.EXPIRED.value, reason=_WORDS[fault])
        return _Refused(RefusedByCounty(_WORDS[fault]))
    _keep_keys(tx, node, row, revealing)
    if row["pre_approved"]:
        approve_in(tx, node, row["id"], by=BY_RULE)
    kept = _locked(tx, row["id"])
    return Revealed(EnrolmentState(kept["state"]), kept["match_code"])


_ANSWERED: Final = (EnrolmentState.PENDING, EnrolmentState.APPROVED, EnrolmentState.REFUSED)


def _fault(tx: sa.Connection, row: sa.RowMapping, revealing: Revealing) -> str:
    try:
        trust.check_commitment(row["commitment"], revealing.nonce, revealing.keys)
    except CryptoError:
        return "spoilt"
    e, a = enrolment.c, author.c
    asked = sa.select(e.id).where(e.replica == revealing.replica)
    known = sa.select(a.replica).where(a.replica == revealing.replica)
    return "replica" if tx.execute(asked).first() or tx.execute(known).first() else ""


def _keep_keys(tx: sa.Connection, node: Node, row: sa.RowMapping, revealing: Revealing) -> None:
    county = node.identity_in(tx).county
    code = trust.match_code(
        revealing.nonce,
        row["hub_nonce"],
        keys=revealing.keys,
        root=county.root,
        county=county.encryption_keys[0],
    )
    _set(
        tx,
        row["id"],
        state=EnrolmentState.PENDING.value,
        nonce=revealing.nonce,
        replica=revealing.replica,
        verify_key=revealing.keys.verify_key.raw,
        encryption_key=revealing.keys.encryption_key.raw,
        tls_fingerprint=revealing.tls_fingerprint,
        match_code=code,
        revealed_at=node.clock.now_ms(),
    )


def approve_in(tx: sa.Connection, node: Node, request: bytes, *, by: str) -> Station:
    """Admit a device whose keys were revealed.

    Raises:
        NotFound: no enrolment of this id waits for an approval.
    """
    row = _locked(tx, request)
    if row["state"] != EnrolmentState.PENDING:
        raise NotFound("enrolment", request.hex())
    place = stations.registered(tx)[row["station"]]
    message, number = registry.admit(tx, node, place, row)
    _set(
        tx,
        request,
        state=EnrolmentState.APPROVED.value,
        certificate=message,
        device=number,
        decided_at=node.clock.now_ms(),
        decided_by=by,
    )
    return place


def refuse_in(tx: sa.Connection, node: Node, request: bytes, *, by: str, reason: str) -> None:
    """Turn a device away.

    Raises:
        NotFound: no enrolment of this id waits for an approval.
    """
    row = _locked(tx, request)
    if row["state"] != EnrolmentState.PENDING:
        raise NotFound("enrolment", request.hex())
    now = node.clock.now_ms()
    state = EnrolmentState.REFUSED.value
    _set(tx, request, state=state, reason=reason, decided_at=now, decided_by=by)


def state(node: Node, request: bytes) -> Decision:
    """Say how far an enrolment is, with everything a device needs once it is admitted.

    Raises:
        NotFound: there is no such enrolment, or its code was not brought yet.
    """
    with node.database.read() as tx:
        row = _row(tx, request)
        if row is None or row["state"] == ISSUED:
            raise NotFound("enrolment", request.hex())
        found = EnrolmentState(row["state"])
        if found is not EnrolmentState.APPROVED:
            return Decision(found, reason=row["reason"])
        newest = sa.select(published.c.message).order_by(published.c.version.desc()).limit(1)
        return Decision(
            state=found,
            certificate=row["certificate"],
            parent_certificate=registry.township_certificate(tx, row["station"]),
            published=bytes(tx.execute(newest).scalar() or b""),
            trust=node.identity_in(tx).trust,
            device=row["device"],
        )


def _row(tx: sa.Connection, request: bytes) -> sa.RowMapping | None:
    wanted = sa.select(enrolment).where(enrolment.c.id == request)
    return tx.execute(wanted).mappings().first()


def _locked(tx: sa.Connection, request: bytes) -> sa.RowMapping:
    wanted = sa.select(enrolment).where(enrolment.c.id == request).with_for_update()
    row = tx.execute(wanted).mappings().first()
    if row is None:
        raise NotFound("enrolment", request.hex())
    return row


def _set(tx: sa.Connection, request: bytes, **values: object) -> None:
    tx.execute(sa.update(enrolment).where(enrolment.c.id == request).values(**values))
