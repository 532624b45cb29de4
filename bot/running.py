"""Runs a coach until the process is told to stop."""

import asyncio
import signal

from bot.bell import Bell
from bot.service import Service


async def run_until_told(service: Service) -> int:
    """Run until SIGINT or SIGTERM, or until it cannot go on; the exit code."""
    bell, stop = Bell(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        return await service.run(bell, stop)
    finally:
        bell.stop()
