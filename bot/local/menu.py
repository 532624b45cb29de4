"""What is shown of the bot outside the chat: commands by scope and language, names and descriptions."""

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.local.methods import Act

_LINES: Final = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}
_DEFAULT: Final = {"type": "default"}

Params = Mapping[str, Any]


class Menu:
    """`settings`: what was set, by kind and language; commands of another scope have it as a third."""

    def __init__(self, name: str) -> None:
        self.settings: dict[tuple[str, ...], Any] = {}
        self._name = name
        self.table: dict[str, Act] = {
            "getmycommands": self._commands,
            "setmycommands": self._set_commands,
            "deletemycommands": self._delete_commands,
        }
        for what in _LINES:
            self.table[f"getmy{what.lower()}"] = self._getter(what)
            self.table[f"setmy{what.lower()}"] = self._setter(what)

    def shown(self, chat: int, language: str) -> list[dict[str, str]]:
        """The commands that a private chat shows: of the narrowest scope, in its language first."""
        scopes = ({"type": "chat", "chat_id": chat}, {"type": "all_private_chats"}, _DEFAULT)
        for scope in scopes:
            for code in (language, ""):
                found = self.settings.get(_scoped({"scope": scope, "language_code": code}))
                if found:
                    return list(found)
        return []

    def line(self, what: str, language: str) -> str:
        """Its "Name", "Description" or "ShortDescription" as a person with this language sees it."""
        usual = self._name if what == "Name" else ""
        found = self.settings.get((what, language)) or self.settings.get((what, ""), usual)
        return str(found)

    def _commands(self, params: Params) -> Any:
        return self.settings.get(_scoped(params), [])

    def _set_commands(self, params: Params) -> bool:
        if not params.get("commands"):
            return self._delete_commands(params)
        self.settings[_scoped(params)] = params["commands"]
        return True

    def _delete_commands(self, params: Params) -> bool:
        self.settings.pop(_scoped(params), None)
        return True

    def _getter(self, what: str) -> Act:
        def get(params: Params) -> Any:
            usual = self._name if what == "Name" else ""
            return {_LINES[what]: self.settings.get((what, params.get("language_code", "")), usual)}

        return get

    def _setter(self, what: str) -> Act:
        def set_(params: Params) -> bool:
            key, line = (what, params.get("language_code", "")), params.get(_LINES[what], "")
            if line:
                self.settings[key] = line
            else:
                self.settings.pop(key, None)
            return True

        return set_


def _scoped(params: Params) -> tuple[str, ...]:
    scope = params.get("scope") or _DEFAULT
    key = ("Commands", str(params.get("language_code", "")))
    return key if scope == _DEFAULT else (*key, json.dumps(scope, sort_keys=True))
