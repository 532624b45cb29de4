"""Runs a coach until the process is told to stop."""

import asyncio
import signal

from bot.bell import Bell
from bot.service import Service


def told_to_stop() -> asyncio.Event:
    """Set by SIGINT and SIGTERM, and where the terminal is closed; these end nothing by themselves now."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def run_until_told(service: Service, stop: asyncio.Event) -> int:
    """Run until told to stop, or until it cannot go on; the exit code."""
    bell = Bell()
    try:
        return await service.run(bell, stop)
    finally:
        bell.stop()
