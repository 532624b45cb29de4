"""A warm process that forks coaches: all is imported and built once, and each child is a whole service.

`python -m tests.torture.zygote` reads orders from its standard input, one a line, and answers with
the number of each process and later with how it ended. It has no thread and no event loop of its own.
"""

import asyncio
import ctypes
import gc
import json
import os
import selectors
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot import failpoints
from bot.building import build
from tests.torture.coaches import BAD, Built, Order, serve

NEVER = 10**9
_DEATH = 1  # PR_SET_PDEATHSIG of Linux


def die_with_parent() -> None:
    """Let this process be killed when the one that started it is gone, where the system can."""
    with suppress(Exception):
        ctypes.CDLL(None).prctl(_DEATH, signal.SIGKILL)


def _live(order: Order, built: Built) -> int:
    log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 2)
    if order.bad:
        BAD[order.bad]()
    if order.passes:
        for place in failpoints.PLACES:
            failpoints.arm(place, NEVER)
    if order.fail:
        place, _, time = order.fail.partition(":")
        failpoints.arm(place, int(time or 1))
    code = asyncio.run(serve(order, built))
    if order.passes:
        Path(order.passes).write_text(json.dumps(failpoints._passed), encoding="utf-8")
    return code


class Warm:
    """The loop of the warm process."""

    def __init__(self, built: Built) -> None:
        self._built = built
        self._ends: dict[int, tuple[int, int]] = {}  # the pipe of a child -> its order, its process
        self._ready = selectors.DefaultSelector()
        self._ready.register(0, selectors.EVENT_READ)
        self._rest = b""

    def run(self) -> None:
        """Until nobody gives orders any more; then every child goes."""
        self._tell(ready=True)
        while True:
            for key, _ in self._ready.select():
                if key.fd != 0:
                    self._ended(key.fd)
                elif not self._orders():
                    return self._kill_all()

    def _orders(self) -> bool:
        given = os.read(0, 65536)
        *lines, self._rest = (self._rest + given).split(b"\n")
        for line in lines:
            self._start(Order(**json.loads(line)))
        return bool(given)

    def _start(self, order: Order) -> None:
        reading, writing = os.pipe()
        ours = os.getpid()
        child = os.fork()
        if child == 0:
            self._be(order, reading, ours)
        os.close(writing)
        self._ends[reading] = (order.id, child)
        self._ready.register(reading, selectors.EVENT_READ)
        self._tell(id=order.id, pid=child)

    def _be(self, order: Order, reading: int, parent: int) -> None:
        """The child. The pipe whose end it holds closes when it dies, however that comes."""
        code = 70
        try:
            die_with_parent()
            if os.getppid() != parent:
                os._exit(code)
            for one in (reading, *self._ends):
                os.close(one)
            self._ready.close()
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(0, 1)
            code = _live(order, self._built)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _ended(self, pipe: int) -> None:
        number, child = self._ends.pop(pipe)
        self._ready.unregister(pipe)
        os.close(pipe)
        _, status = os.waitpid(child, 0)
        self._tell(id=number, code=os.waitstatus_to_exitcode(status))

    def _kill_all(self) -> None:
        for _, child in self._ends.values():
            os.kill(child, signal.SIGKILL)

    @staticmethod
    def _tell(**what: Any) -> None:
        os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    die_with_parent()
    warm = Warm(build())
    gc.collect()
    gc.freeze()
    warm.run()
    sys.exit(0)
