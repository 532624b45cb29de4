"""The commands: `run`, `talk`, `check`."""

import sys

from bot.commands import main

if __name__ == "__main__":
    sys.exit(main())
