"""Files as Telegram keeps them: taken in, named by an id, and fetched by a path."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.local.refusal import Refusal, bad, broken

LARGEST_UP: Final = 50 * 2**20
LARGEST_DOWN: Final = 20 * 2**20
_UNKNOWN: Final = "application/octet-stream"

Json = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file in a request, under its name."""

    name: str
    content: bytes
    mime: str = ""


class Files:
    """All files of this world."""

    def __init__(self) -> None:
        self._kept: dict[str, Upload] = {}

    def keep(self, upload: Upload) -> Json:
        """Takes a file in; gives the Document that messages carry."""
        if len(upload.content) > LARGEST_UP:
            raise Refusal(413, "Request Entity Too Large")
        if not upload.content:
            raise broken("file must be non-empty")
        unique = hashlib.sha256(upload.name.encode() + b"\0" + upload.content).hexdigest()[:16]
        number = f"BQAC{len(self._kept):04d}{unique}"
        if upload.mime in ("", _UNKNOWN):
            upload = replace(upload, mime=mimetypes.guess_type(upload.name)[0] or _UNKNOWN)
        self._kept[number] = upload
        return {
            "file_name": upload.name,
            "mime_type": upload.mime,
            "file_id": number,
            "file_unique_id": f"AgAD{unique}",
            "file_size": len(upload.content),
        }

    def again(self, number: str) -> Json:
        """The Document of a file that is already here."""
        return self.keep(self.upload(number))

    def upload(self, number: str) -> Upload:
        """A file as it was taken in. Raises Refusal for a number that is not known."""
        if number not in self._kept:
            raise bad("wrong file_id or the file is temporarily unavailable")
        return self._kept[number]

    def content(self, number: str) -> bytes:
        """What is in a file."""
        return self.upload(number).content

    def told(self, params: Mapping[str, Any]) -> Json:
        """getFile: where a file can be fetched."""
        number = str(params["file_id"])
        found = self.upload(number)
        if len(found.content) > LARGEST_DOWN:
            raise bad("file is too big")
        unique = f"AgAD{number[8:]}"
        size = len(found.content)
        path = f"documents/{number}"
        return {"file_id": number, "file_unique_id": unique, "file_size": size, "file_path": path}

    def fetched(self, path: str) -> bytes | None:
        """What stands at a path of getFile; None for any other path."""
        folder, _, number = path.partition("/")
        found = self._kept.get(number) if folder == "documents" else None
        return found.content if found and len(found.content) <= LARGEST_DOWN else None
