"""What the parts of a transaction share: asking a named query, and the seal."""

from collections.abc import Mapping, Sequence

from .driver import Driver, Row
from .queries import QUERIES
from .seal import Seal


class Part:
    """One part of what a transaction can do. It answers only while its transaction is open."""

    def __init__(self, driver: Driver, seal: Seal) -> None:
        self._driver = driver
        self._seal = seal
        self._open = True

    async def _ask(self, name: str, **values: object) -> list[Row]:
        self._still_open()
        return await self._driver.rows(QUERIES[name].sql, values)

    async def _ask_each(self, name: str, values: Sequence[Mapping[str, object]]) -> None:
        self._still_open()
        await self._driver.many(QUERIES[name].sql, values)

    def _still_open(self) -> None:
        # Without this, a forgotten task would write into the transaction of somebody else.
        if not self._open:
            raise RuntimeError("this transaction is over; open another")
