"""A way from one address of this machine to another, in a process of its own, so that it can be cut (kill -9) and made
to hang (SIGSTOP).

    python -m bench.chaos.proxy PORT TARGET [TARGET …]

A target is `host:port` or the path of a Unix socket. Connections go to the targets in turn; one that does not answer is
passed over. Nothing is read or changed on the way.
"""

import asyncio
import sys
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from itertools import count

CHUNK = 256 * 1024


async def run(port: int, targets: list[str]) -> None:
    turn = count()

    async def carry(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            there = await _first_that_answers(targets, next(turn))
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pour(reader, there[1]), _pour(there[0], writer))

    server = await asyncio.start_server(carry, "127.0.0.1", port, limit=CHUNK)
    async with server:
        await server.serve_forever()


async def _first_that_answers(targets: list[str], turn: int) -> tuple[StreamReader, StreamWriter]:
    for tried in range(len(targets)):
        try:
            return await _connect(targets[(turn + tried) % len(targets)])
        except OSError:
            if tried == len(targets) - 1:
                raise
    raise ConnectionRefusedError


async def _connect(target: str) -> tuple[StreamReader, StreamWriter]:
    if target.startswith("/"):
        return await asyncio.open_unix_connection(target, limit=CHUNK)
    host, _, port = target.rpartition(":")
    return await asyncio.open_connection(host, int(port), limit=CHUNK)


async def _pour(reader: StreamReader, writer: StreamWriter) -> None:
    """Carry everything one way; what ends on one side ends on the other."""
    with suppress(OSError):
        while said := await reader.read(CHUNK):
            writer.write(said)
            await writer.drain()
    with suppress(OSError, RuntimeError):
        writer.close()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(run(int(sys.argv[1]), sys.argv[2:]))
