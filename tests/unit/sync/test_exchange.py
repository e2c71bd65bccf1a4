"""Requests and answers, each refusal by name (round trips: tests/property)."""

from dataclasses import replace

import pytest

from crypto import message as cose
from sync import codec, exchange
from sync.errors import LimitExceeded, Malformed, NotForUs, NotOutstanding, Unauthentic
from sync.exchange import Answer, Queues, Request, Versions
from sync.limits import DEFAULT
from tests.unit.sync.builders import COUNTY, OTHER, VILLAGE, device

PARENT = "411526000000"
KEY, HUB = device(VILLAGE).verify_key, device(COUNTY).verify_key
REQUEST = Request(
    number=1,
    replica=VILLAGE,
    audience=PARENT,
    certificate=b"certificate",
    clock=1,
    free=1,
    queues=Queues(1, 2, 3),
    versions=Versions("1", 1, 1),
    receipted=0,
)
ANSWER = Answer(request=bytes(32), epoch=bytes(8), trust=1, more=False, request_bytes=9)


def rewritten(message, key, content_type, **keys):
    payload = cose.read(message, max_bytes=99_999).payload
    m = dict(codec.decode_map(payload, max_bytes=99_999))
    m |= {int(name[1:]): value for name, value in keys.items()}
    body = codec.encode({k: v for k, v in m.items() if v is not None})
    return cose.sign(body, key=key, content_type=content_type)


def request(**keys):
    message = exchange.sign_request(REQUEST, device(VILLAGE))
    message = rewritten(message, device(VILLAGE), exchange.REQUEST_TYPE, **keys)
    return exchange.read_request(message, key=KEY, audience=PARENT)


def answer(**keys):
    message = exchange.sign_answer(ANSWER, device(COUNTY))
    message = rewritten(message, device(COUNTY), exchange.ANSWER_TYPE, **keys)
    return exchange.read_answer(message, key=HUB, outstanding={bytes(32)})


def test_unknown_keys_are_ignored():
    assert (request(k99="later"), answer(k99="later")) == (request(), answer())


BAD_REQUESTS = {
    "no number": {"k1": None},
    "short last answer": {"k2": b"x"},
    "protocol": {"k3": [1]},
    "short replica": {"k4": bytes(7)},
    "head": {"k5": [1, bytes(32)]},
    "feed": {"k6": [bytes(8)]},
    "short epoch": {"k6": [bytes(7), 1]},
    "negative space": {"k8": -1},
    "queues": {"k9": [1, 2]},
    "versions": {"k10": ["1", 1]},
    "bundles": {"k11": [1]},
    "no bundles": {"k11": []},
    "no certificate": {"k12": None},
    "short hash": {"k13": [bytes(31)]},
    "audience": {"k14": 1},
}
BAD_ANSWERS = {
    "short epoch": {"k2": bytes(7)},
    "head": {"k4": [1]},
    "feed": {"k6": [[1, 2]]},
    "more": {"k7": 1},
    "limits": {"k9": []},
    "notices": {"k10": [1]},
    "attachment": {"k12": [[bytes(32)]]},
    "complaint": {"k15": [[bytes(32), "x"]]},
    "complaint hash": {"k15": [[bytes(31), "x", "y"]]},
}


@pytest.mark.parametrize("keys", BAD_REQUESTS.values(), ids=BAD_REQUESTS)
def test_what_is_no_request_is_malformed(keys):
    with pytest.raises(Malformed):
        request(**keys)


@pytest.mark.parametrize("keys", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_what_is_no_answer_is_malformed(keys):
    with pytest.raises(Malformed):
        answer(**keys)


def test_counts_and_times_are_limited():
    for keys in (
        {"k11": [b"x"] * (DEFAULT.bundles_per_message + 1)},
        {"k13": [bytes(32)] * (DEFAULT.asks_per_message + 1)},
        {"k7": DEFAULT.instant + 1},
    ):
        with pytest.raises(LimitExceeded):
            request(**keys)
    for keys in (
        {"k6": [[1, 1, b"x"]] * (DEFAULT.bundles_per_message + 1)},
        {"k5": [b"x"] * (DEFAULT.receipts_per_answer + 1)},
        {"k11": [b"x"] * (DEFAULT.receipts_per_answer + 1)},
        {"k12": [[n.to_bytes(32, "big"), []] for n in range(DEFAULT.asks_per_message + 1)]},
        {"k8": DEFAULT.instant + 1},
    ):
        with pytest.raises(LimitExceeded):
            answer(**keys)


def test_a_message_that_is_too_large_is_not_read():
    small = replace(DEFAULT, message=40)
    message = exchange.sign_request(REQUEST, device(VILLAGE))
    with pytest.raises(LimitExceeded):
        exchange.read_request(message, key=KEY, audience=PARENT, limits=small)
    with pytest.raises(LimitExceeded):
        exchange.claimed_certificate(message, limits=small)


def test_one_is_not_read_as_the_other():
    asked = exchange.sign_request(REQUEST, device(VILLAGE))
    with pytest.raises(Malformed):
        exchange.read_answer(asked, key=KEY, outstanding={bytes(32)})
    answered = exchange.sign_answer(ANSWER, device(COUNTY))
    with pytest.raises(Malformed):
        exchange.read_request(answered, key=HUB, audience=PARENT)


def test_only_the_right_key_audience_and_request_count():
    asked = exchange.sign_request(REQUEST, device(VILLAGE))
    with pytest.raises(Unauthentic):
        exchange.read_request(asked, key=device(OTHER).verify_key, audience=PARENT)
    with pytest.raises(NotForUs):
        exchange.read_request(asked, key=KEY, audience="411526101000")
    answered = exchange.sign_answer(ANSWER, device(COUNTY))
    with pytest.raises(NotOutstanding):
        exchange.read_answer(answered, key=HUB, outstanding={b"1" * 32})
