"""Files on their way in: their names, their bytes, what they are, and their small pictures."""

import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.files import kinds, previews, receiving, storage
from app.files.names import MAX_NAME, canonical


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the test."""
    place = tmp_path / "files"
    storage.use(place)
    return place


def picture(width=900, height=600, form="PNG", **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, format=form, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("error.png", "error.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Elke\\log.txt", "log.txt"),
        ("．．／．．／x", "x"),
        ("a\u200b.p\u200dhp", "a.php"),
        ("\u202egpj.exe", "gpj.exe"),
        ("two\r\nlines.txt", "twolines.txt"),
        (".htaccess", "htaccess"),
        ('say "hello".txt', "say _hello_.txt"),
        ("..", "file"),
        ("", "file"),
        ("Grüße aus Köln.pdf", "Grüße aus Köln.pdf"),
    ],
)
def test_a_name_is_made_harmless(given, kept):
    assert canonical(given) == kept


@given(st.text(max_size=300))
def test_a_harmless_name_stays_as_it_is_and_hides_nothing(name):
    kept = canonical(name)

    assert canonical(kept) == kept
    assert 0 < len(kept) <= MAX_NAME
    assert not set(kept) & set('/\\"\r\n\0')
    assert not kept.startswith(".")
    assert {unicodedata.category(letter) for letter in kept}.isdisjoint({"Cc", "Cf", "Cs"})


def test_a_long_name_keeps_the_end_that_tells_its_kind():
    assert canonical("x" * 500 + ".pdf").endswith("x.pdf")


def test_bytes_lie_under_a_random_key_and_say_nothing_of_their_name(folder):
    received = receiving.receive(io.BytesIO(b"hello"), name="secret plan.txt")

    (path,) = (one for one in folder.rglob("*") if one.is_file())
    assert path == storage.path_of(received.key)
    assert path.read_bytes() == b"hello"
    assert path.stat().st_mode & 0o077 == 0
    assert "plan" not in str(path)
    assert (received.size, received.content_type) == (5, "text/plain")


def test_a_file_over_the_limit_leaves_nothing_behind(folder, monkeypatch):
    monkeypatch.setattr(storage, "MAX_BYTES", 1000)

    with pytest.raises(storage.TooLarge):
        receiving.receive(io.BytesIO(b"x" * 1001), name="big.bin")
    with pytest.raises(storage.Empty):
        receiving.receive(io.BytesIO(b""), name="empty.bin")

    assert [one for one in folder.rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "a" * 31, "A" * 32, "0" * 32 + "\n"])
def test_nothing_but_a_key_names_a_stored_file(folder, key):
    with pytest.raises(ValueError, match="no key"):
        storage.path_of(key)


@pytest.mark.parametrize(
    ("begins", "kind"),
    [
        (picture(), "image/png"),
        (picture(form="JPEG"), "image/jpeg"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "text/plain"),
        ("Grüße".encode() * 9000 + b"\xc3", "text/plain"),
        (b"MZ\x90\x00" + b"\0" * 60, "application/octet-stream"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
    ],
)
def test_what_a_file_is_shows_in_how_it_begins(begins, kind):
    assert kinds.handed_out_as(kinds.kind_of(begins)) == kind


def test_a_picture_gets_a_small_one_drawn_anew(folder):
    exif = Image.Exif()
    exif[0x010E] = "Canary: where it was taken"
    given = picture(4000, 3000, "JPEG", exif=exif)
    assert b"Canary" in given

    received = receiving.receive(io.BytesIO(given), name="photo.jpg")

    drawn = storage.preview_of(received.key).read_bytes()
    assert received.has_preview
    assert b"Canary" not in drawn
    with Image.open(io.BytesIO(drawn)) as small:
        assert (small.format, small.size) == ("WEBP", (640, 480))


def test_a_photograph_taken_upright_stands_upright(folder):
    exif = Image.Exif()
    exif[0x0112] = 6

    received = receiving.receive(
        io.BytesIO(picture(800, 400, "JPEG", exif=exif)), name="upright.jpg"
    )

    with Image.open(storage.preview_of(received.key)) as small:
        assert small.width < small.height


def test_a_picture_that_unfolds_beyond_measure_is_kept_and_not_drawn(folder, monkeypatch):
    monkeypatch.setattr(previews, "MAX_PIXELS", 100 * 100)

    received = receiving.receive(io.BytesIO(picture(101, 100)), name="bomb.png")

    assert not received.has_preview
    assert storage.path_of(received.key).exists()


@pytest.mark.parametrize(
    "broken", [picture()[:60], b"\x89PNG\r\n\x1a\n" + b"\xff" * 99, b"GIF89a", b"\xff\xd8\xff\xe0"]
)
def test_a_broken_picture_is_kept_and_not_drawn(folder, broken):
    assert not receiving.receive(io.BytesIO(broken), name="broken.png").has_preview


def test_only_old_files_are_listed_for_the_sweep(folder):
    received = receiving.receive(io.BytesIO(b"hello"), name="log.txt")
    written = storage.path_of(received.key).stat().st_mtime

    assert list(storage.keys_until(written)) == []
    assert [key for key, _ in storage.keys_until(written + 1)] == [received.key]


def test_a_file_goes_with_its_picture(folder):
    received = receiving.receive(io.BytesIO(picture()), name="error.png")

    receiving.discard(received)

    assert [one for one in folder.rglob("*") if one.is_file()] == []
