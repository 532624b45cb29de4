"""The other side of the warm process: orders a coach, is told of its death, and can kill it."""

import asyncio
import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.torture.coaches import Order

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
KILLED = -9


@dataclass
class Child:
    """One coach in a process of its own."""

    order: Order
    pid: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    code: int | None = None

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send it a signal, if it lives."""
        if self.code is None and self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def end(self) -> int:
        """Wait for its death; the exit code, negative for a signal."""
        await asyncio.wait_for(self.ended.wait(), PATIENCE)
        assert self.code is not None
        return self.code


class Nursery:
    """The warm process, and the children it has."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.zygote"], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        atexit.register(self.close)
        assert self._process.stdin and self._process.stdout
        self._orders, self._told = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._told, False)
        self._children: dict[int, Child] = {}
        self._last = 0
        self._rest = b""

    def close(self) -> None:
        """Let it and its children go."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait(10)

    async def start(self, **wanted: Any) -> Child:
        """A new coach; it has been forked, and is about to open its store."""
        self._last += 1
        child = self._children[self._last] = Child(Order(id=self._last, **wanted))
        os.write(self._orders, json.dumps(asdict(child.order)).encode() + b"\n")
        await asyncio.wait_for(child.begun.wait(), PATIENCE)
        return child

    @asynccontextmanager
    async def watched(self) -> AsyncIterator["Nursery"]:
        """Hear of births and deaths in this event loop; at the end all children are killed."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._told, self._hear)
        try:
            yield self
        finally:
            for child in list(self._children.values()):
                child.kill()
                await child.end()
            loop.remove_reader(self._told)

    def _hear(self) -> None:
        try:
            told = os.read(self._told, 65536)
        except BlockingIOError:
            return
        assert told, "the warm process is gone; see what it wrote"
        *lines, self._rest = (self._rest + told).split(b"\n")
        for line in lines:
            self._take(json.loads(line))

    def _take(self, what: dict[str, Any]) -> None:
        if "pid" in what:
            child = self._children[what["id"]]
            child.pid = what["pid"]
            child.begun.set()
        elif "code" in what:
            child = self._children.pop(what["id"])
            child.code = what["code"]
            child.ended.set()


@cache
def nursery() -> Nursery:
    """The one of this process, started when it is first asked for."""
    return Nursery()
