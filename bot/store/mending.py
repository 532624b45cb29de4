"""Opens the store anew after a disk error, and proves that it can be written, or gives up.

A write that failed is never tried again over the same connection: the kernel may have dropped
what it held, and say next time that all is well.
"""

import asyncio
import contextlib
import logging

from .driver import Driver
from .errors import NotSaved, StoreBroken, StoreError
from .opening import open_driver
from .queries import QUERIES

log = logging.getLogger(__name__)

#: Seconds of rest before each try. Whoever waits for an end of the trouble waits no longer.
RESTS = (0.0, 0.5, 1.5)
MENDED = "mended"


async def mended(failed: Driver) -> Driver:
    """Another connection to the same file, in place of one that failed; or `StoreBroken`."""
    log.error("the disk of the store failed: it is opened anew")
    await _let_go(failed)
    for rest in RESTS:
        await asyncio.sleep(rest)
        try:
            return await _opened(failed.file)
        except StoreError as error:
            log.error("opened anew, it failed again: %s", type(error).__name__)
    raise StoreBroken(failed.file)


async def _opened(file: str) -> Driver:
    driver = await open_driver(file, existing=True)
    try:
        # The log goes first: it may end with a write that never reached the disk, and what is
        # appended behind it would be lost with it.
        if (await driver.rows(QUERIES["checkpoint"].sql))[0][0]:
            raise NotSaved(file, reason="the log is in use")
        await driver.rows(QUERIES["set_note"].sql, {"key": MENDED, "value": "yes"})
    except BaseException:
        await _let_go(driver)
        raise
    return driver


async def _let_go(driver: Driver) -> None:
    with contextlib.suppress(StoreError, ValueError):
        await driver.close()
