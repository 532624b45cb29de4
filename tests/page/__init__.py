"""Tests of the page on the local Telegram."""
