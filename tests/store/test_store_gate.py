"""Which versions of SQLite are trusted with what."""

import pytest

from bot.store import VERSION, Store, gate

AFFECTED = [(3, 40, 1), (3, 50, 6), (3, 51, 2)]
REPAIRED = [(3, 44, 6), (3, 50, 7), (3, 51, 3)]


@pytest.mark.holds("D12")
@pytest.mark.parametrize("version", AFFECTED)
def test_a_version_that_may_damage_a_file_keeps_to_one_connection_and_says_so(
    version: tuple[int, int, int],
) -> None:
    found = gate(version)

    assert found.served and found.one_connection and not found.helpers
    assert ".".join(map(str, version)) in found.warning
    assert "3.51.3" in found.warning


@pytest.mark.holds("D12")
@pytest.mark.parametrize("version", REPAIRED)
def test_a_repaired_version_may_have_helpers(version: tuple[int, int, int]) -> None:
    found = gate(version)

    assert found.served and found.helpers and not found.one_connection
    assert found.warning == ""


@pytest.mark.holds("D12")
def test_a_version_that_is_too_old_serves_nobody() -> None:
    found = gate((3, 37, 2))

    assert not found.served and not found.helpers
    assert "3.38" in found.warning


@pytest.mark.holds("D12")
def test_the_store_goes_by_the_version_it_runs_on() -> None:
    assert Store.one_connection_only is gate(VERSION).one_connection
