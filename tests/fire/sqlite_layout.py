"""The structures of SQLite's file layer, as its documentation lays them out, for ctypes."""

import ctypes
import sqlite3
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from typing import Any

import pytest

FULL = 13
IOERR_WRITE = 10 | (3 << 8)
IOERR_FSYNC = 10 | (4 << 8)
MAIN_DB, MAIN_JOURNAL, WAL = 0x100, 0x800, 0x80000

OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
CLOSE = CFUNCTYPE(c_int, c_void_p)
WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
SYNC = CFUNCTYPE(c_int, c_void_p, c_int)


class FileLayer(Structure):
    """sqlite3_vfs, third version."""

    _fields_ = (
        ("version", c_int), ("file_size", c_int), ("longest_path", c_int), ("next", c_void_p),
        ("name", c_char_p), ("data", c_void_p), ("open", OPEN), ("delete", DELETE),
        *((one, c_void_p) for one in (
            "access", "full_path", "dl_open", "dl_error", "dl_sym", "dl_close", "randomness", "sleep",
            "time", "last_error", "time_64", "set_call", "get_call", "next_call")),
    )  # fmt: skip


class FileMethods(Structure):
    """sqlite3_io_methods, third version."""

    _fields_ = (
        ("version", c_int), ("close", CLOSE), ("read", c_void_p), ("write", WRITE),
        ("truncate", TRUNCATE), ("sync", SYNC),
        *((one, c_void_p) for one in (
            "size", "lock", "unlock", "check_lock", "control", "sector", "device", "shm_map",
            "shm_lock", "shm_barrier", "shm_unmap", "fetch", "unfetch")),
    )  # fmt: skip


class OpenFile(Structure):
    """sqlite3_file: what every kind of file begins with."""

    _fields_ = (("methods", POINTER(FileMethods)),)


def library() -> Any:
    """The very SQLite that Python's own module uses; skips the test where it cannot be reached.

    A look-up through the module finds the symbols of what it is linked with, or its own.
    """
    module = getattr(__import__("_sqlite3"), "__file__", None)
    found = ctypes.CDLL(module)
    if not hasattr(found, "sqlite3_vfs_find"):
        pytest.skip("the SQLite of this Python hides its file layer, so it cannot be made to fail")
    found.sqlite3_libversion.restype = c_char_p
    if found.sqlite3_libversion().decode() != sqlite3.sqlite_version:
        pytest.skip("another SQLite than that of this Python answers")
    found.sqlite3_vfs_find.restype = POINTER(FileLayer)
    found.sqlite3_vfs_find.argtypes = (c_char_p,)
    found.sqlite3_vfs_register.argtypes = (POINTER(FileLayer), c_int)
    found.sqlite3_vfs_unregister.argtypes = (POINTER(FileLayer),)
    return found


def copy_of(one: Any) -> Any:
    """Another structure with the same contents."""
    made = type(one)()
    ctypes.memmove(ctypes.addressof(made), ctypes.addressof(one), ctypes.sizeof(made))
    return made


def guarded(answer: Callable[..., int]) -> Callable[..., int]:
    """An exception in a callback would be swallowed and pass for success: it is a failed write."""

    def call(*given: Any) -> int:
        try:
            return answer(*given)
        except Exception:
            return IOERR_WRITE

    return call
