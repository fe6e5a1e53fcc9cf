"""The server that tests send letters to."""

import socket

from tests.smtp_sink import SmtpSink

PATIENCE_S = 10


def test_a_server_that_stops_cuts_who_is_still_connected():
    sink = SmtpSink()
    sink.start()
    with socket.create_connection(("127.0.0.1", sink.port), timeout=PATIENCE_S) as client:
        greeting = client.recv(100)
        sink.stop()

        assert greeting.startswith(b"220")
        assert client.recv(100) == b""
