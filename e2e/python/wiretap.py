"""Listens between a kit and the pod.

Some promises are about the conversation and not about its outcome: a refused login is not tried again, a dead session costs
one login. The wiretap passes every request on to the pod, unchanged, and remembers what was asked and answered.
"""

import ssl
from dataclasses import dataclass

from aiohttp import ClientSession, TCPConnector, web
from yarl import URL

# These describe one connection and not the request; each side makes its own.
HOP_BY_HOP = {"host", "connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass(frozen=True)
class Exchange:
    request: str  # like "POST /login/pubkey/authenticate"
    status: int


class Wiretap:
    def __init__(self, target: str, authority: str | None):
        self._target = target
        self._authority = authority
        self.exchanges: list[Exchange] = []

    async def __aenter__(self) -> "Wiretap":
        trust = ssl.create_default_context(cafile=self._authority) if self._authority else True
        self._client = ClientSession(connector=TCPConnector(ssl=trust), auto_decompress=False)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_) -> None:
        await self._runner.cleanup()
        await self._client.close()

    def between(self, config):
        """Makes a kit with this configuration talk to the pod through the wiretap."""
        config.scheme, config.host, config.port = "http", "127.0.0.1", self._port
        return config

    async def _pass_on(self, request: web.Request) -> web.Response:
        async with self._client.request(
            request.method,
            URL(self._target + request.raw_path, encoded=True),
            headers=_end_to_end(request.headers),
            data=await request.read(),
            allow_redirects=False,
        ) as answer:
            self.exchanges.append(Exchange(f"{request.method} {request.path}", answer.status))
            return web.Response(status=answer.status, headers=_end_to_end(answer.headers), body=await answer.read())


def _end_to_end(headers):
    return [(name, value) for name, value in headers.items() if name.lower() not in HOP_BY_HOP]
