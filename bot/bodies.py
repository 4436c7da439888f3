"""The body of a request, of at most a size: nobody fills our memory with one."""

from starlette.requests import Request


async def body_of(request: Request, *, most: int) -> bytes | None:
    """Return the body, or None when it is larger than `most` bytes. Raises ClientDisconnect."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            return None
    return bytes(body)
