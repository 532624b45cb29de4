"""The fields of a request to the Bot API, from its address and its body, in each of the ways there are."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.local.files import LARGEST_UP, Upload
from bot.local.refusal import Refusal, broken


async def fields_of(request: Request) -> Mapping[str, Any] | Refusal:
    """Names and values, text where they came as text; a refusal for what cannot be read."""
    found: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return {**found, **await _parts(request)}
    body = await request.body()
    if kind == "application/json" and body:
        return _from_json(found, body)
    fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {**found, **dict(fields)}


def _from_json(found: dict[str, Any], body: bytes) -> Mapping[str, Any] | Refusal:
    try:
        given = json.loads(body)
    except ValueError:
        return broken("can't parse JSON object")
    return {**found, **given} if isinstance(given, dict) else broken("JSON object expected")


async def _parts(request: Request) -> dict[str, Any]:
    form = await request.form(max_part_size=LARGEST_UP)
    found: dict[str, Any] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            found[name] = Upload(value.filename or "", await value.read(), value.content_type or "")
        else:
            found[name] = value
    return found
