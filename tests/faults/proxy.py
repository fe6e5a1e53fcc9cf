"""A wire between the application and PostgreSQL that can be cut, or lose the answer to COMMIT.

As a process: ``python -m tests.faults.proxy /folder/.s.PGSQL.5432`` says on which port of the
loopback it listens, then takes orders on standard input: ``drop 2`` loses the answers to the
next two COMMITs (the server has done them, nobody hears of it), ``cut`` ends all connections.
"""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"


class Proxy:
    """The process, held by whoever runs the test."""

    def __init__(self, socket: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.proxy", socket],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def order(self, words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.kill()
        self._process.wait(10)


class _Wire:
    """All connections that pass, and what is to happen to them."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self.to_drop = 0
        self._open: set[asyncio.StreamWriter] = set()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_server, to_server = await asyncio.open_unix_connection(self._socket)
        except OSError:
            writer.close()
            return
        mute = asyncio.Event()
        self._open |= {writer, to_server}
        try:
            await asyncio.gather(
                self._forward(reader, to_server, mute), self._back(from_server, writer, mute)
            )
        except OSError:
            pass
        finally:
            for each in (writer, to_server):
                self._open.discard(each)
                each.close()

    async def _forward(
        self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, mute: asyncio.Event
    ) -> None:
        while chunk := await reader.read(65536):
            if self.to_drop and COMMIT in chunk:
                self.to_drop -= 1
                mute.set()
            server.write(chunk)
            await server.drain()
        server.close()

    async def _back(
        self, server: asyncio.StreamReader, writer: asyncio.StreamWriter, mute: asyncio.Event
    ) -> None:
        while chunk := await server.read(65536):
            if mute.is_set():  # the server has answered: the COMMIT is done, and nobody hears
                break
            writer.write(chunk)
            await writer.drain()
        writer.close()

    def cut(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()


async def _serve(socket: str) -> None:
    wire = _Wire(socket)
    server = await asyncio.start_server(wire.connected, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
    )
    async with server:
        while order := await orders.readline():
            _obey(wire, order.decode().split())


def _obey(wire: _Wire, words: list[Any]) -> None:
    if words[0] == "drop":
        wire.to_drop += int(words[1])
    else:
        wire.cut()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
