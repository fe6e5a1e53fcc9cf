"""Settings: read once, documented, and one that makes no sense stops the start with its name."""

from dataclasses import fields

import pytest

from config import ROOT, BadSetting, Config

GOOD = {"SECRET_KEY": "x" * 40, "PUBLIC_URL": "https://help.example"}


def test_good_settings_are_read_with_and_without_the_prefix():
    config = Config.from_env({**GOOD, "PLEDGE_MAIL_PORT": "587", "PLEDGE_DEMO": "0"})

    assert (config.mail_port, config.public_url) == (587, "https://help.example")
    assert config.is_https


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"PUBLIC_URL": "help.example"}, "PUBLIC_URL"),
        ({"PLEDGE_MAIL_PORT": "many"}, "PLEDGE_MAIL_PORT"),
        ({"PLEDGE_HOUSE_ZONE": "Mars/Base"}, "PLEDGE_HOUSE_ZONE"),
        ({"PLEDGE_MAIL_USE_TLS": "maybe"}, "PLEDGE_MAIL_USE_TLS"),
        ({"PLEDGE_PROXIES": "-1"}, "PLEDGE_PROXIES"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"PLEDGE_FILES_DIR": str(ROOT / "static" / "files")}, "PLEDGE_FILES_DIR"),
        ({"PLEDGE_FAILPOINT": "firing.told"}, "PLEDGE_FAILPOINT"),
        ({"PLEDGE_TESTING": "1", "PLEDGE_FAILPOINT": "firing.sold"}, "PLEDGE_FAILPOINT"),
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_start_with_its_name(given, name):
    with pytest.raises(BadSetting, match=name):
        Config.from_env({**GOOD, **given})


def test_every_setting_is_documented():
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")

    assert [f.name for f in fields(Config) if f"PLEDGE_{f.name.upper()}" not in page] == []
