"""The page of the local Telegram: the coach in a browser, as Telegram would show it, without a token."""
