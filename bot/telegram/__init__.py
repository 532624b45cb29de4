"""The Telegram room: updates in, requests out, over python-telegram-bot's Bot and nothing more."""
