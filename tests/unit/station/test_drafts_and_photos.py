"""Drafts are kept as typed; photos are made small, sealed, and readable only with their key."""

import io
from hashlib import sha256

import pytest
from PIL import Image, ImageDraw

from casework.errors import ActRefused
from crypto import blob
from node import attachments, photographs
from node.errors import CaseUnknown, NotAnImage, NotFound
from station import pictures
from station.usecases import drafts, intake, photos


def save(village, document, **more):
    values = {"draft": None, "item": "DEMO-YL-01", "step": "person", "document": document}
    return drafts.save(village.node, **(values | more), account=village.worker)


def test_a_draft_is_kept_as_typed_and_can_be_saved_over(village):
    draft = save(village, {"applicant": {"name": "王"}})
    assert save(village, {"applicant": {"name": "王芳"}}, draft=draft, step="materials") == draft
    found = drafts.get(village.node, draft)
    assert (found.step, found.document) == ("materials", {"applicant": {"name": "王芳"}})


def test_the_draft_saved_last_stands_first(world, village):
    first = save(village, {})
    world.clock.advance(1000)
    second = save(village, {})
    world.clock.advance(1000)
    save(village, {"a": 1}, draft=first)
    assert [d.id for d in drafts.list_drafts(village.node)] == [first, second]


def test_a_discarded_draft_is_gone_with_its_photos_and_cannot_be_saved_over(village, picture):
    draft = save(village, {})
    photo = drafts.add_photo(village.node, draft, 1, picture, village.worker)
    drafts.discard(village.node, draft)
    with pytest.raises(NotFound):
        save(village, {}, draft=draft)
    with pytest.raises(NotFound):
        drafts.photo(village.node, draft, photo.id)
    with pytest.raises(NotFound):
        drafts.add_photo(village.node, draft, 1, picture, village.worker)


def test_a_photo_is_at_most_1600_pixels_long_and_upright(picture):
    with Image.open(io.BytesIO(pictures.shrink(picture))) as small:
        assert (small.format, max(small.size)) == ("JPEG", pictures.LONGEST_EDGE)
    turned = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of somebody"
    Image.new("RGB", (200, 100)).save(turned, "JPEG", exif=exif)
    with Image.open(io.BytesIO(pictures.shrink(turned.getvalue()))) as small:
        assert small.size == (100, 200)
        assert not dict(small.getexif())


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0 cut", b"GIF89a", b"{}" * 99])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(NotAnImage):
        pictures.shrink(data)


def test_a_cut_picture_is_refused(picture):
    with pytest.raises(NotAnImage):
        pictures.shrink(picture[: len(picture) // 2])


def test_a_photo_lies_on_the_disk_as_ciphertext_only(village, document, picture):
    opened = intake.open_case(village.node, document, account=village.worker)
    added = photos.attach(village.node, opened.temporary_number, 1, picture, village.worker)
    image = photographs.read(village.node, opened.case, added.attachment).image
    assert image == pictures.shrink(picture)
    chunks = sorted(village.node.directory.blobs.rglob("*.*"))
    assert sum(chunk.stat().st_size for chunk in chunks) == added.bytes
    assert not any(image[:64] in chunk.read_bytes() for chunk in chunks)


def test_a_photo_of_an_unknown_case_or_material_is_refused(village, document, picture):
    with pytest.raises(CaseUnknown):
        photos.attach(village.node, "L1", 1, picture, village.worker)
    opened = intake.open_case(village.node, document, account=village.worker)
    with pytest.raises(ActRefused):
        photos.attach(village.node, opened.case, 99, picture, village.worker)
    with pytest.raises(NotFound):
        photographs.read(village.node, opened.case, "nothing")


def test_a_photo_added_after_sealing_began_is_not_lost(village, document, picture):
    draft = save(village, document)
    drafts.add_photo(village.node, draft, 1, picture, village.worker)
    sealed = photos.seal_staged(village.node, draft)
    later = drafts.add_photo(village.node, draft, 2, picture, village.worker)
    with village.node.database.read() as tx:
        whole = photos.complete(tx, village.node, draft, sealed)
    assert {one.staged for one in whole} == {sealed[0].staged, later.id}


def test_the_county_is_owed_what_lies_here_whole(village, document, picture):
    opened = intake.open_case(village.node, document, account=village.worker)
    photos.attach(village.node, opened.case, 1, picture, village.worker)
    with village.node.database.read() as tx:
        assert attachments.waiting(tx) == 1


def phone_photo():
    """Twelve megapixels as a phone takes them: writing, sensor noise, EXIF, sideways."""
    page = Image.new("RGB", (4000, 3000), (236, 233, 226))
    pen = ImageDraw.Draw(page)
    for line in range(60):
        for word in range(40):
            left, top = 120 + word * 92, 90 + line * 47
            pen.rectangle(
                (left, top, left + 30 + (word * 7 + line) % 50, top + 22), fill=(40, 40, 48)
            )
    noise = Image.effect_noise(page.size, 18).convert("RGB")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, "Camera of somebody", {1: "N"}
    written = io.BytesIO()
    Image.blend(page, noise, 0.12).save(written, "JPEG", quality=95, exif=exif)
    return written.getvalue()


def test_a_phone_photo_becomes_small_upright_and_says_nothing_of_the_phone():
    taken = phone_photo()
    assert len(taken) > 3 << 20
    small = pictures.shrink(taken)
    assert len(small) < 400 << 10
    with Image.open(io.BytesIO(small)) as shown:
        assert shown.size == (1200, 1600), "turned by EXIF, then freed of it"
        assert not dict(shown.getexif())
    assert b"Camera of somebody" not in small
    assert pictures.shrink(taken) == small


@pytest.mark.req("R-ZH-21c")
def test_the_case_keeps_the_hash_of_the_very_picture_that_was_shown(village, document, picture):
    """What the citizen saw before confirming is what the operation names, byte by byte."""
    draft = save(village, document)
    staged = drafts.add_photo(village.node, draft, 1, picture, village.worker)
    shown = drafts.photo(village.node, draft, staged.id)
    opened = intake.open_case(village.node, document, account=village.worker, draft=draft)
    (photo,) = photographs.list_photos(village.node, opened.case)
    assert photographs.read(village.node, opened.case, photo.attachment).image == shown
    values = village.state(opened.case).values
    named = values[f"attachment.{photo.attachment}"]
    sealed = blob.seal_blob(shown, values[f"attachment_key.{photo.attachment}"])
    assert sha256(sealed).hexdigest() == named["hash"]
    assert len(sealed) == named["size"]
    altered = bytes([shown[0] ^ 1]) + shown[1:]
    other = blob.seal_blob(altered, values[f"attachment_key.{photo.attachment}"])
    assert sha256(other).hexdigest() != named["hash"]
