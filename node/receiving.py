"""Taking in bundles: prove, store, derive; put aside what cannot be believed.

One transaction a change set. Taking the same bundle again changes nothing. What fails is kept in
quarantine with its reason and never stops what follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import sqlalchemy as sa

from crypto import envelope
from crypto.certificate import DeviceCertificate
from crypto.errors import CryptoError
from crypto.errors import NotForUs as SealedToOthers
from node import admission, cases, custody, displacing, feeding, incarnations, stubs
from node.cases import Case
from node.db import Database
from node.identity import Identity, learn
from node.incarnations import Stop
from sync import assembly, bundle, changeset, codec
from sync.adapters.sql import SqlLog, StoredChangeSet, Within
from sync.adapters.tables import author, quarantine
from sync.bundle import Contents, Extract, RawExtract
from sync.errors import (
    Fork,
    LimitExceeded,
    NotForUs,
    RemoteSyncError,
    Unauthentic,
    Unauthorised,
    UnknownReplica,
)
from sync.exchange import Complaint, digest
from sync.limits import DEFAULT
from sync.record import Entry


class Rules(Protocol):
    """What a node does about what it has just taken in (the hub: verdicts, duplicates)."""

    def after(
        self, tx: sa.Connection, me: Identity, added: Sequence[Entry], touched: Sequence[Case]
    ) -> None:
        """Act in the transaction that stored them."""


class NoRules:
    """A station: the county judges, not we."""

    def after(
        self, tx: sa.Connection, me: Identity, added: Sequence[Entry], touched: Sequence[Case]
    ) -> None:
        """Do nothing."""


@dataclass(slots=True)
class Taken:
    """What became of some bundles.

    Attributes:
        operations: how many were new here.
        change_sets: header hashes stored or held already.
        complaints: what was put aside.
    """

    operations: int = 0
    change_sets: list[bytes] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Takes bundles in for one node.

    Attributes:
        now: this node's time, milliseconds; the county's is what receipts say.
    """

    database: Database
    me: Identity
    rules: Rules
    now: int

    def take(self, message: bytes, *, audience: str) -> Taken:
        """Take one bundle.

        Args:
            message: as received.
            audience: whom it must be addressed to.

        Returns:
            What became of it; nothing is raised for what others did wrong.

        Raises:
            NodeError: this node cannot store (busy, disk full).
        """
        taken = Taken()
        mark = digest(message)
        try:
            sender, contents = self._open(message, audience)
        except RemoteSyncError as error:
            self._put_aside(message, error, taken, mark)
            return taken
        mark = _mark(sender, contents)
        for raw in contents.extracts:
            try:
                self._take_extract(raw, contents, sender, taken)
            except RemoteSyncError as error:
                self._put_aside(message, error, taken, mark)
        if not self.me.is_county:
            self._carry(message, taken)
        return taken

    def prove(self, message: bytes, *, audience: str) -> list[Extract]:
        """Prove what a bundle holds, and store nothing of it.

        Raises:
            RemoteSyncError: the bundle, or anything in it, does not hold.
        """
        _, contents = self._open(message, audience)
        found = []
        for raw in contents.extracts:
            signer = self._signer(raw, contents)
            extract = assembly.assemble(raw, contents, key=signer.verify_key)
            if extract.origin.replica != signer.replica:
                raise Unauthentic("header signed by another replica")
            found.append(extract)
        return found

    def _carry(self, message: bytes, taken: Taken) -> None:
        try:
            custody.carry(self.database, self.me, message, taken.change_sets, now=self.now)
        except LimitExceeded as error:
            taken.complaints.append(Complaint(digest(message), error.code, error.detail))

    def _open(self, message: bytes, audience: str) -> tuple[DeviceCertificate, Contents]:
        outer = _outer(message)
        with self.database.read() as tx:
            sender = self._author(tx, outer.sender)
        if sender.verify_key.key_id != outer.kid:
            raise UnknownReplica(outer.kid.hex())
        if outer.audience != audience:
            raise NotForUs(outer.audience)
        if self._is_feed(audience) and not self._vouches(sender):
            raise Unauthorised("sender")
        opened = self._unseal(message, sender)
        return sender, bundle.unpack(opened.parts, dictionary=opened.dictionary)

    def _is_feed(self, audience: str) -> bool:
        """Whether a bundle comes down the tree; what goes up is addressed to the county."""
        return audience != self.me.county_code

    def _vouches(self, sender: DeviceCertificate) -> bool:
        """Whether a node may pass others' operations down to us: the county or our township."""
        above = (self.me.hub, self.me.parent)
        return sender.replica in {one.replica for one in above if one is not None}

    def _unseal(self, message: bytes, sender: DeviceCertificate) -> envelope.Opened:
        try:
            return envelope.open_envelope(
                message,
                verify_key=sender.verify_key,
                decryption_keys=self.me.decryption,
                max_bytes=DEFAULT.bundle,
                max_part=DEFAULT.part_inflated,
            )
        except SealedToOthers as error:
            raise NotForUs(str(error)) from error
        except CryptoError as error:
            raise codec.fault_of(error, Unauthentic(f"bundle: {error}")) from error

    def _author(self, tx: sa.Connection, replica: bytes) -> DeviceCertificate:
        for known in (self.me.hub, self.me.parent):
            if known is not None and known.replica == replica:
                return known
        statement = sa.select(author.c.certificate).where(author.c.replica == replica)
        row = tx.execute(statement).first()
        if row is None:
            raise UnknownReplica(replica.hex())
        try:
            return self.me.read_certificate(row.certificate)
        except CryptoError as error:
            raise UnknownReplica(f"certificate: {error}") from error

    def _take_extract(
        self, raw: RawExtract, contents: Contents, sender: DeviceCertificate, taken: Taken
    ) -> None:
        signer = self._signer(raw, contents)
        extract = assembly.assemble(raw, contents, key=signer.verify_key)
        if extract.origin.replica != signer.replica:
            raise Unauthentic("header signed by another replica")
        if not self._may_send(sender, signer):
            raise Unauthorised("an author sends its own change sets")
        try:
            self._store(extract, signer, contents, taken)
        except Fork:
            if not self._displaced(extract):
                self._freeze(extract.origin.replica)
                raise
            self._store(extract, signer, contents, taken)
        taken.change_sets.append(extract.signed.hash)

    def _store(
        self, extract: Extract, signer: DeviceCertificate, contents: Contents, taken: Taken
    ) -> None:
        with self.database.write() as tx:
            feeding.lock_counters(tx)  # before anything is read that another worker may change
            learn(tx, signer, self._message_of(signer, contents, tx))
            taken.operations += self._absorb(tx, extract, signer)

    def _displaced(self, extract: Extract) -> bool:
        with self.database.write() as tx:
            return displacing.displace(tx, self.me, extract, now=self.now)

    def _freeze(self, replica: bytes) -> None:
        """Take nothing more of a replica that has written two histories; ours writes no more."""
        with self.database.write() as tx:
            if replica in incarnations.own_replicas(tx, self.me):
                incarnations.stop(tx, Stop.FORK, now=self.now)
            newest = SqlLog(tx).last_change_set(replica)
            where = sa.and_(author.c.replica == replica, author.c.frozen_after.is_(None))
            held = newest.last if newest else 0
            tx.execute(sa.update(author).where(where).values(frozen_after=held))

    def _may_send(self, sender: DeviceCertificate, signer: DeviceCertificate) -> bool:
        """Who may bring whose change sets.

        A relay could send another's change set with values left out, and what the county then
        receipts would never come again. A station's devices speak for one another: one that was
        lost leaves its change sets to the next. And the county takes its own from anyone.
        """
        if sender.station == signer.station or self._vouches(sender):
            return True
        return self.me.is_county and signer.station == self.me.place.code

    def _signer(self, raw: RawExtract, contents: Contents) -> DeviceCertificate:
        kid = changeset.signer_of(raw.header)
        replica = changeset.parse(raw.header).header.replica
        found = _certified(self.me, contents).get(replica)
        if found is not None and found.verify_key.key_id == kid:
            return found
        with self.database.read() as tx:
            known = self._author(tx, replica)
        if known.verify_key.key_id != kid:
            raise UnknownReplica(kid.hex())
        return known

    def _message_of(
        self, signer: DeviceCertificate, contents: Contents, tx: sa.Connection
    ) -> bytes:
        if signer.replica == self.me.hub.replica:
            return self.me.county.hub
        for message in contents.certificates:
            if self.me.read_certificate(message) == signer:
                return message
        statement = sa.select(author.c.certificate).where(author.c.replica == signer.replica)
        return bytes(tx.execute(statement).scalar_one())

    def _absorb(self, tx: sa.Connection, extract: Extract, signer: DeviceCertificate) -> int:
        """Store what is new of a proven extract; says how many operations were."""
        log = SqlLog(tx)
        header = extract.signed.header
        stored = admission.place_in_chain(log, extract)
        if self.me.is_county and stored is None and signer.station != self.me.place.code:
            admission.demand_everything(extract)
        held = log.hashes(header.replica, header.first, header.last)
        admission.demand_same(extract, held)
        new = [e for e in extract.entries if e.operation.dot.seq not in held]
        late = stubs.old_news(tx, new)
        fresh = [e for e in new if e.operation.dot not in late]
        if stored is None:
            admission.refuse_ended(tx, self.me, extract)
        row = stored.row if stored else log.add_change_set(extract.signed, seeds={}, subtrees={})
        helds = log.add(fresh, within=self._within(extract, row, stored))
        shown = {e.operation.dot: e.disclosures for e in extract.entries if e.disclosures}
        more = log.add_disclosures({dot: d for dot, d in shown.items() if dot.seq in held})
        admission.remember_rest(log, row, stored, extract, late)
        self._acknowledge(tx, log, extract, signer)
        if more:  # what may be seen of operations held before: their cases read differently now
            cases.store(tx, cases.derive(tx, _records(extract, held)))
        risen = stubs.settle(tx, {e.operation.record for e in fresh})
        touched = cases.refresh(tx, self.me, helds, risen=risen, now=self.now)
        self.rules.after(tx, self.me, fresh, touched)
        return len(fresh)

    def _within(self, extract: Extract, row: int, stored: StoredChangeSet | None) -> Within:
        anchor = extract.signed.header.anchor
        received = stored.received_at if stored else None
        if received is None and self.me.is_county:
            former = custody.proven(self.me, extract)
            received = former.received_at if former else self.now
        return Within(row, anchor.county_time if anchor else 0, received)

    def _acknowledge(
        self, tx: sa.Connection, log: SqlLog, extract: Extract, signer: DeviceCertificate
    ) -> None:
        if not self.me.is_county:
            if extract.receipt is not None:
                custody.take_receipt(tx, self.me, extract.receipt)
        elif signer.station != self.me.place.code:
            former = custody.proven(self.me, extract)
            if former is not None and extract.receipt is not None:
                log.set_receipt(former.header_hash, extract.receipt, former.received_at)
            custody.issue_receipt(log, self.me, extract.signed, now=self.now)

    def _put_aside(self, message: bytes, error: RemoteSyncError, taken: Taken, mark: bytes) -> None:
        """Keep a bundle as received, with the reason; the same contents sealed anew once only."""
        taken.complaints.append(Complaint(digest(message), error.code, error.detail))
        name = digest(mark + error.code.encode())
        q = quarantine.c
        with self.database.write() as tx:
            if tx.execute(sa.select(q.id).where(q.digest == name)).first() is not None:
                return
            kept = tx.execute(sa.select(sa.func.sum(sa.func.length(q.message)))).scalar() or 0
            if kept + len(message) > DEFAULT.quarantine_bytes:
                return  # the sender has no receipt, so it still holds it
            tx.execute(
                sa.insert(quarantine).values(
                    at=self.now,
                    digest=name,
                    sender=_sender(message),
                    code=error.code,
                    detail=error.detail.replace("\0", ""),
                    message=message,
                )
            )


def _outer(message: bytes) -> envelope.Outer:
    try:
        return envelope.outer(message, max_bytes=DEFAULT.bundle)
    except CryptoError as error:
        raise codec.fault_of(error, Unauthentic(f"bundle: {error}")) from error


def _sender(message: bytes) -> bytes | None:
    try:
        return _outer(message).sender
    except RemoteSyncError:
        return None


def _mark(sender: DeviceCertificate, contents: Contents) -> bytes:
    """Name what a bundle carries; sealing it again does not change that."""
    return digest(sender.replica + b"".join(raw.header for raw in contents.extracts))


def _records(extract: Extract, held: Mapping[int, bytes]) -> set[bytes]:
    operations = (entry.operation for entry in extract.entries)
    return {o.record for o in operations if o.dot.seq in held}


def _certified(me: Identity, contents: Contents) -> Mapping[bytes, DeviceCertificate]:
    """Verify the certificates in a bundle; by replica."""
    found = {me.hub.replica: me.hub}
    for message in contents.certificates:
        try:
            one = me.read_certificate(message)
        except CryptoError as error:
            raise Unauthentic(f"certificate: {error}") from error
        found[one.replica] = one
    return found
