"""Photos that a village took are seen at the county by those whose item it is, on record."""

import io
import re

import pytest
from PIL import Image

from casework.facts import Act
from crypto import blob
from crypto.entropy import random_bytes
from hub.app import create_app
from hub.usecases import conflicts, unmasking
from node import attachments, people, policy
from node.people import NewAccount
from node.policy import DAY_MS
from tests.integration import hub_county as tools
from tests.integration.hub_county import NOW, TOWNSHIP, VILLAGE, receive

pytestmark = pytest.mark.enable_socket  # the app asks for the names of this computer
PASSWORD, PHOTO = "cdfg-hjkm-npqr", "01PHOTO"
COMING = "还没有传到"
LACKS = "附件缺失,已经向站里再要"


@pytest.fixture
def world(tmp_path_factory, tmp_path):
    with tools.copy(tmp_path_factory, tmp_path) as (county, places):
        with county.node.database.write() as tx:
            for login in ("admin", "reconciler", "approver"):
                people.set_password(tx, login, password=PASSWORD)
            other = NewAccount("weather", "李", "approver", "411526000000", "气象局")
            clerk = NewAccount("clerk", "李", "clerk", "411526000000")
            for new in (other, clerk):
                people.add(tx, new, now=NOW, password=PASSWORD)
        yield county, places


def picture():
    written = io.BytesIO()
    Image.effect_noise((64, 48), 50).save(written, "JPEG")
    return written.getvalue()


def take(place, record, image, mime="image/jpeg"):
    """Add a photo to a case at a place; its ciphertext."""
    key = random_bytes(blob.KEY_BYTES)
    sealed = blob.seal_blob(image, key)
    described = {
        "material": 1,
        "hash": blob.content_hash(sealed).hex(),
        "size": len(sealed),
        "chunks": [chunk.hex() for chunk in blob.chunk_hashes(sealed)],
        "mime": mime,
        "captured_at": NOW,
    }
    fields = {f"attachment.{PHOTO}": described, f"attachment_key.{PHOTO}": key}
    place.write(record, Act("case.attached", fields))
    return sealed


def arrive(county, sealed):
    with county.node.database.write() as tx:
        name = blob.content_hash(sealed)
        assert attachments.put_chunk(tx, county.node.directory.blobs, name, 0, sealed)


def signed_in(county, login):
    client = create_app(county.node).test_client()
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    form = {"login": login, "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=form).status_code == 303
    return client


def test_a_photo_of_a_village_is_seen_by_those_whose_item_it_is(world):
    county, places = world
    record, image = receive(places[VILLAGE]), picture()
    sealed = take(places[VILLAGE], record, image)
    places[VILLAGE].sync(county)
    case = county.case(record).id
    page, url = f"/cases/{case}", f"/cases/{case}/photos/{PHOTO}"
    approver = signed_in(county, "approver")
    assert COMING in approver.get(page).text
    assert approver.get(url).status_code == 404
    arrive(county, sealed)
    for login in ("admin", "clerk", "weather"):
        stranger = signed_in(county, login)
        assert url not in stranger.get(page).text
        assert stranger.get(url).status_code == 403
    assert create_app(county.node).test_client().get(url).status_code in {302, 303, 401}
    assert unmasking.looks(county.node) == []

    shown = approver.get(page).text
    assert f'<a href="{url}"><img src="{url}"' in shown
    assert COMING not in shown
    served = approver.get(url)
    assert (served.status_code, served.data, served.mimetype) == (200, image, "image/jpeg")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Cache-Control"] == "no-store"
    (look,) = unmasking.looks(county.node)
    assert (look.login, look.case, look.purpose) == ("approver", case, "看材料照片")


def test_what_is_no_photo_by_its_own_word_is_not_served(world):
    county, places = world
    record = receive(places[VILLAGE])
    sealed = take(places[VILLAGE], record, b"<script>", mime="text/html")
    places[VILLAGE].sync(county)
    arrive(county, sealed)
    url = f"/cases/{county.case(record).id}/photos/{PHOTO}"
    assert signed_in(county, "approver").get(url).status_code == 404
    assert unmasking.looks(county.node) == []


def test_photos_stand_as_evidence_beside_a_difference(world):
    county, places = world
    record = receive(places[VILLAGE])
    sealed = take(places[VILLAGE], record, picture())
    for _ in range(2):
        for place in places.values():
            place.sync(county)
    for code, phone in ((VILLAGE, "13900000001"), (TOWNSHIP, "13900000002")):
        places[code].write(record, Act("case.contact_corrected", {"phone": phone}))
    for code in (VILLAGE, TOWNSHIP):
        places[code].sync(county)
    (check,) = conflicts.list_conflicts(county.node, open_only=True)
    reconciler = signed_in(county, "reconciler")
    assert COMING in reconciler.get(f"/conflicts/{check.id}").text
    arrive(county, sealed)
    url = f"/cases/{county.case(record).id}/photos/{PHOTO}"
    compared = reconciler.get(f"/conflicts/{check.id}").text
    assert compared.count(f'<a href="{url}">') == 1
    assert "choose.photos" not in compared
    assert reconciler.get(url).status_code == 200


def test_a_photo_that_does_not_come_is_shown_as_missing_with_what_is_done(world):
    county, places = world
    record = receive(places[VILLAGE])
    sealed = take(places[VILLAGE], record, picture())
    places[VILLAGE].sync(county)
    case = county.case(record).id
    assert COMING in signed_in(county, "approver").get(f"/cases/{case}").text
    county.node.clock.advance(policy.DEFAULT.photo_wait_days * DAY_MS + 1)
    assert LACKS in signed_in(county, "approver").get(f"/cases/{case}").text
    assert LACKS in signed_in(county, "admin").get("/stations").text
    arrive(county, sealed)
    assert LACKS not in signed_in(county, "approver").get(f"/cases/{case}").text
    assert LACKS not in signed_in(county, "admin").get("/stations").text
