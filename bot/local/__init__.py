"""The local Telegram: a strict, stateful Bot API on the loopback, with people who write to the bot."""
