"""What the time zone data says, read by probing, against the data's own list of changes."""

import importlib.resources
import pickle
import struct
import zoneinfo
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from app.businesstime import Calendar, zones

SOME = ["Africa/Casablanca", "Asia/Gaza", "America/Noronha", "Pacific/Apia", "Europe/Berlin"]
YEARS = zones.start_of_year(1900), zones.start_of_year(2037)


def changes(data: bytes) -> list[tuple[int, int]]:
    """The (instant, offset) pairs of a TZif file, version 2 or later (RFC 8536)."""

    def counts(at: int) -> tuple[int, ...]:
        return struct.unpack(">6l", data[at + 20 : at + 44])

    utc, std, leap, times, types, chars = counts(0)
    at = 44 + times * 5 + types * 6 + chars + leap * 8 + std + utc
    _, _, _, times, types, _ = counts(at)
    at += 44
    instants = struct.unpack(f">{times}q", data[at : at + 8 * times])
    kinds = data[at + 8 * times : at + 9 * times]
    table = at + 9 * times
    offsets = [
        struct.unpack(">l", data[table + 6 * n : table + 6 * n + 4])[0] for n in range(types)
    ]
    found, current = [], offsets[0]
    for instant, kind in zip(instants, kinds, strict=True):
        if offsets[kind] != current:
            current = offsets[kind]
            found.append((instant, current))
    return found


def file_of(name: str) -> bytes:
    for folder in zoneinfo.TZPATH:
        if (Path(folder) / name).is_file():
            return (Path(folder) / name).read_bytes()
    return importlib.resources.files("tzdata").joinpath("zoneinfo", name).read_bytes()


@pytest.mark.parametrize("name", SOME)
def test_probing_finds_every_change_the_data_lists(name):
    since, until = YEARS
    data = changes(file_of(name))
    # A slim file lists changes up to a rule for all later years: compare what it lists.
    until = min(until, data[-1][0] + 1)
    listed = [change for change in data if since < change[0] < until]

    probed = [(starts, offset) for starts, _, offset in zones.offsets(name, since, until)][1:]

    assert probed == listed


def test_no_zone_changes_twice_between_two_probes():
    names = importlib.resources.files("tzdata").joinpath("zones").read_text().split()

    for name in names:
        instants = [at for at, _ in changes(file_of(name)) if at > YEARS[0]]
        gaps = [later - at for at, later in pairwise(instants)]
        assert min(gaps, default=zones.DAY_S * 9) > 3 * zones.DAY_S, name


def test_a_calendar_tells_whose_data_it_follows():
    version = Calendar("Europe/Berlin", {0: [("09:00", "17:00")]}).tzdata_version

    assert version.startswith(("20", "sha256:"))


def test_without_system_data_the_package_tells_its_version(monkeypatch, tmp_path):
    tzdata = importlib.import_module("tzdata")
    monkeypatch.setattr(zones.zoneinfo, "TZPATH", (str(tmp_path),))
    assert zones._version_of_files("Europe/Berlin") == tzdata.IANA_VERSION

    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Berlin").write_bytes(b"TZif2")
    assert zones._version_of_files("Europe/Berlin").startswith("sha256:")
    (tmp_path / "tzdata.zi").write_text("# version 2031c\n# rest\n")
    assert zones._version_of_files("Europe/Berlin") == "2031c"


@pytest.mark.parametrize("name", ["Australia/Lord_Howe", "America/New_York", "Asia/Kathmandu"])
def test_a_calendar_pinned_to_the_rules_of_a_zone_counts_as_that_zone_does(name):
    week = {day: [("08:30", "12:00"), ("22:00", "02:15")] for day in range(6)}
    own = Calendar(name, week)
    pinned = Calendar("Europe/Berlin", week, pinned=zones.changes(name))
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

    assert pinned.elapsed(start, end) == own.elapsed(start, end)
    assert pinned.add(start, 3_000_000) == own.add(start, 3_000_000)
    assert list(pinned.spans(start, end)) == list(own.spans(start, end))
    assert pinned != Calendar("Europe/Berlin", week)
    assert pickle.loads(pickle.dumps(pinned)) == pinned
