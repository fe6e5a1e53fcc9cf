"""Files in letters: along with the words where they fit, named where they do not."""

import io

from app.files import receiving, storage
from tests.mail.conftest import REPLIED


def a_file(name: str, data: bytes = b"bytes of it", *, is_along: bool = True) -> dict:
    received = receiving.receive(io.BytesIO(data), name=name)
    return {
        "id": 1,
        "name": received.name,
        "size": received.size,
        "key": received.key,
        "kind": received.content_type,
        "is_along": is_along,
    }


def enclosed_in(got) -> dict[str, tuple[str, bytes]]:
    return {
        part.get_filename(): (part.get_content_type(), part.get_payload(decode=True))
        for part in got.message.iter_attachments()
    }


def test_files_go_along_and_are_named(app, post, send, smtp_sink):
    files = [a_file("vpn.log"), a_file("Grüße.html", b"<script>alert(1)</script>")]
    post(facts=REPLIED | {"files": files})

    assert send().sent == 1

    (got,) = smtp_sink.received
    assert enclosed_in(got) == {
        "vpn.log": ("text/plain", b"bytes of it"),
        "Grüße.html": ("text/plain", b"<script>alert(1)</script>"),
    }
    assert "Please try the new profile." in got.text
    assert "- vpn.log (11 bytes)" in got.text
    assert "vpn.log (11 bytes)" in got.html


def test_files_that_do_not_fit_are_named_with_the_page(app, post, send, smtp_sink):
    post(facts=REPLIED | {"files": [a_file("film.mp4", is_along=False)]})

    assert send().sent == 1

    (got,) = smtp_sink.received
    assert enclosed_in(got) == {}
    assert "Too large for a letter, on the page:" in got.text
    assert "- film.mp4" in got.text


def test_an_answer_leaves_even_where_the_bytes_of_a_file_are_gone(app, post, send, smtp_sink):
    file = a_file("vpn.log")
    storage.remove(file["key"])
    post(facts=REPLIED | {"files": [file]})

    assert send().sent == 1
    assert enclosed_in(smtp_sink.received[0]) == {}
