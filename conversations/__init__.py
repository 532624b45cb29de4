"""The core: the whole conversation as pure functions and tables. No I/O, no clock, no sentences."""

from conversations.engine import advance
from conversations.journey import STAGES
from conversations.nudges import Nudge, plan
from conversations.script import Script
from conversations.state import Seeker

__all__ = ["STAGES", "Nudge", "Script", "Seeker", "advance", "plan"]
