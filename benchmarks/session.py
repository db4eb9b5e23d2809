"""A Streamlit session without a browser: it says over the page's websocket what a click on a page link says, and reads the answer.

For load only: it draws nothing and keeps no widgets. Twenty browsers on the server's own machine would mostly measure
themselves.
"""

from __future__ import annotations

import time
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

FINISHED, EARLY = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN


class BareSession:
    """One visitor. `await start(address)` opens the home page; `await visit(page)` goes to another one."""

    def __init__(self) -> None:
        self._socket: Any = None
        self._pages: dict[str, str] = {}  # url path -> the id that a link sends

    async def start(self, address: str) -> None:
        from websockets.asyncio.client import connect

        url = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
        self._socket = await connect(url, subprotocols=["streamlit"], origin=address, max_size=None, max_queue=None)  # type: ignore[arg-type, list-item]
        await self._run("")

    async def visit(self, page: str) -> float:
        """Seconds until the script of `page` has finished. Raises RuntimeError when it ends in an error or has no heading."""
        started = time.perf_counter()
        await self._run(self._pages[page])
        return time.perf_counter() - started

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def _run(self, page: str) -> None:
        message = BackMsg()
        message.rerun_script.page_script_hash = page
        await self._socket.send(message.SerializeToString())
        heading = False
        while True:
            answer = ForwardMsg.FromString(await self._socket.recv())
            match answer.WhichOneof("type"):
                case "navigation":
                    self._pages = {link.url_pathname: link.page_script_hash for link in answer.navigation.app_pages}
                case "delta":
                    element = answer.delta.new_element
                    heading = heading or element.heading.tag == "h1"
                    if element.WhichOneof("type") == "exception":
                        raise RuntimeError(element.exception.type)
                case "page_not_found":
                    raise RuntimeError("page not found")
                case "script_finished" if answer.script_finished != EARLY:
                    if answer.script_finished != FINISHED or not heading:
                        raise RuntimeError("page without a heading" if heading is False else "script did not finish")
                    return
