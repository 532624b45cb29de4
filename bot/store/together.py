"""Several small changes in one transaction: whoever comes while one is written joins the next."""

import asyncio
from collections.abc import Awaitable, Callable

from .store import Store, Transaction

Change = Callable[[Transaction], Awaitable[None]]


class Together:
    """A commit costs the same for one change and for twenty. Each waits until its own is on the disk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Change, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, change: Change) -> None:
        """Make this change; raises what it, or the commit, raised."""
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((change, mine))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await asyncio.shield(mine)

    async def _write(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting, []
            try:
                await self._commit([change for change, _ in some])
            except Exception as error:
                await self._one_by_one(some, error)
            else:
                _settle(some, None)

    async def _one_by_one(self, some: list[tuple[Change, asyncio.Future[None]]], error: Exception) -> None:
        """One of them spoils the rest, or the disk does: each is told of its own."""
        if len(some) == 1:
            return _settle(some, error)
        for one in some:
            try:
                await self._commit([one[0]])
            except Exception as own:
                _settle([one], own)
            else:
                _settle([one], None)

    async def _commit(self, changes: list[Change]) -> None:
        async with self._store.transaction() as t:
            for change in changes:
                await change(t)


def _settle(some: list[tuple[Change, asyncio.Future[None]]], error: Exception | None) -> None:
    for _, one in some:
        if one.done():
            continue
        if error is None:
            one.set_result(None)
        else:
            one.set_exception(error)
