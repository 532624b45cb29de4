"""Makes pictures of the page small: 256 colours are enough for letters on plain ground."""

import base64
import struct
import zlib
from typing import Final

from playwright.async_api import Browser

#: The most frequent colours, and for each point the place of the nearest one.
_COLOURS: Final = """async given => {
  const bytes = Uint8Array.from(atob(given), sign => sign.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes]));
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const points = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  const count = new Map();
  for (const one of points) count.set(one, (count.get(one) || 0) + 1);
  const chosen = [...count.keys()].sort((a, b) => count.get(b) - count.get(a)).slice(0, 256);
  const apart = (a, b) => [0, 8, 16].reduce((sum, at) => sum + ((a >> at & 255) - (b >> at & 255)) ** 2, 0);
  const nearest = new Map(chosen.map((one, at) => [one, at]));
  for (const one of count.keys()) {
    if (nearest.has(one)) continue;
    let best = 0;
    chosen.forEach((other, at) => { if (apart(one, other) < apart(one, chosen[best])) best = at; });
    nearest.set(one, best);
  }
  const places = Uint8Array.from(points, one => nearest.get(one));
  let text = "";
  for (const one of places) text += String.fromCharCode(one);
  return { width, height, chosen, places: btoa(text) };
}"""


async def smaller(browser: Browser, picture: bytes) -> bytes:
    """The same picture as a PNG of at most 256 colours."""
    tab = await browser.new_page()
    try:
        found = await tab.evaluate(_COLOURS, base64.b64encode(picture).decode())
    finally:
        await tab.close()
    width, height = found["width"], found["height"]
    places = base64.b64decode(found["places"])
    rows = b"".join(b"\0" + places[at : at + width] for at in range(0, len(places), width))
    palette = b"".join(struct.pack("<I", one & 0xFFFFFF)[:3] for one in found["chosen"])
    return png(width, height, rows, palette)


def png(width: int, height: int, rows: bytes, palette: bytes = b"") -> bytes:
    """A PNG file of these rows, each with the number of its filter; three bytes a point without a palette."""
    head = struct.pack(">IIBBBBB", width, height, 8, 3 if palette else 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(*one) for one in parts if one[1] or one[0] != b"PLTE")


def _part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
