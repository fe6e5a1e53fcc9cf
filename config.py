"""Every setting of Pledge, read from the environment once and checked before the start.

A value that is missing or makes no sense stops the start with its name. `docs/configuration.md`
lists them all.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app import failpoints

ROOT = Path(__file__).parent
MOST_PROXIES = 9
WEAK_SECRETS = {"secret", "changeme", "change-me", "dev", "password"}


class BadSetting(SystemExit):
    """A setting that stops the start; says its name and what it should be."""

    def __init__(self, name: str, sentence: str) -> None:
        """``name`` as in the environment; ``sentence`` tells what is wrong."""
        super().__init__(f"Pledge does not start: {name} {sentence}")


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings; the environment variable is ``PLEDGE_`` + the field's name in capitals.

    Times are in seconds. `DATABASE_URL`, `SECRET_KEY` and `PUBLIC_URL` are also read without
    the prefix.
    """

    database_url: str = f"sqlite:///{ROOT / 'instance' / 'pledge.sqlite'}"
    secret_key: str = ""
    public_url: str = ""
    files_dir: str = ""
    demo: bool = False
    testing: bool = False
    house_name: str = "Halden"
    house_zone: str = "Europe/Berlin"
    mail_server: str = ""
    mail_port: int = 25
    mail_username: str = ""
    mail_password: str = ""
    mail_use_tls: str = "starttls"
    mail_from: str = "help@halden.example"
    mail_timeout_s: int = 30
    mail_final_timeout_s: int = 600
    lease_s: int = 900
    retry_base_s: int = 30
    probe_s: int = 15
    undo_s: int = 10
    session_idle_s: int = 12 * 3600
    session_absolute_s: int = 14 * 24 * 3600
    sign_up: str = "everybody"
    proxies: int = 0
    log_format: str = "text"
    metrics_token: str = ""
    failpoint: str = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Config":
        """Read and check all settings; `BadSetting` names the first that makes no sense."""
        given = dict(os.environ if env is None else env)
        values: dict[str, object] = {}
        for field in fields(cls):
            name = f"PLEDGE_{field.name.upper()}"
            bare = field.name.upper()
            if name not in given and bare in {"DATABASE_URL", "SECRET_KEY", "PUBLIC_URL"}:
                name = bare
            if name in given:
                values[field.name] = _read(name, given[name], type(field.default))
        return cls(**values).checked()  # type: ignore[arg-type]

    def checked(self) -> "Config":
        """This configuration, completed for the demo and checked."""
        config = self._for_demo() if self.demo else self
        config._check_secret()
        _check_url(config.public_url)
        if not config.database_url.startswith(("sqlite:///", "postgresql")):
            raise BadSetting("DATABASE_URL", "must begin with sqlite:/// or postgresql://.")
        try:
            ZoneInfo(config.house_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise BadSetting(
                "PLEDGE_HOUSE_ZONE", f"{config.house_zone!r} is no time zone; try Europe/Berlin."
            ) from None
        config._check_files()
        if config.mail_use_tls not in {"none", "starttls", "tls"}:
            raise BadSetting("PLEDGE_MAIL_USE_TLS", "must be none, starttls or tls.")
        if config.metrics_token and len(config.metrics_token) < 16:
            raise BadSetting("PLEDGE_METRICS_TOKEN", "is weak: at least 16 characters are needed.")
        if not 0 <= config.proxies <= MOST_PROXIES:
            raise BadSetting("PLEDGE_PROXIES", f"must be 0 to {MOST_PROXIES}: how many there are.")
        if config.sign_up not in {"everybody", "known"}:
            raise BadSetting("PLEDGE_SIGN_UP", "must be everybody or known.")
        if config.log_format not in {"text", "json"}:
            raise BadSetting("PLEDGE_LOG_FORMAT", "must be text or json.")
        config._check_failpoint()
        return config

    @property
    def sqlalchemy_url(self) -> str:
        """The database URL with the driver we use."""
        scheme, rest = self.database_url.split("://", 1)
        return f"{'postgresql+psycopg' if scheme.startswith('postgres') else scheme}://{rest}"

    @property
    def files_folder(self) -> Path:
        """Where attachments lie: each database has a folder of its own."""
        if self.files_dir:
            return Path(self.files_dir)
        if self.database_url.startswith("sqlite:///"):
            return Path(self.database_url.removeprefix("sqlite:///")).with_suffix(".files")
        name = urlsplit(self.database_url).path.strip("/") or "pledge"
        return ROOT / "instance" / f"{name}.files"

    @property
    def is_https(self) -> bool:
        """Whether people reach us by TLS: cookies are then marked secure."""
        return self.public_url.startswith("https://")

    def _for_demo(self) -> "Config":
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["public_url"] = self.public_url or "http://127.0.0.1:5000"
        values["secret_key"] = self.secret_key or _demo_secret()
        return Config(**values)

    def _check_files(self) -> None:
        folder = self.files_folder.resolve()
        if any(folder.is_relative_to(ROOT / served) for served in ("static", "templates")):
            raise BadSetting("PLEDGE_FILES_DIR", "lies in a folder that the web server serves.")

    def _check_failpoint(self) -> None:
        if self.failpoint and not self.testing:
            raise BadSetting("PLEDGE_FAILPOINT", "is for tests: it needs PLEDGE_TESTING=1.")
        try:
            failpoints.check(self.failpoint)
        except ValueError as mistake:
            raise BadSetting("PLEDGE_FAILPOINT", str(mistake)) from None

    def _check_secret(self) -> None:
        if not self.secret_key:
            raise BadSetting(
                "SECRET_KEY",
                "is missing. Make one with"
                " python -c 'import secrets; print(secrets.token_urlsafe(48))'.",
            )
        if len(self.secret_key) < 32 or self.secret_key.lower() in WEAK_SECRETS:
            raise BadSetting("SECRET_KEY", "is weak: at least 32 random characters are needed.")


def _read(name: str, text: str, kind: type) -> object:
    try:
        if kind is bool:
            return {
                "1": True,
                "true": True,
                "yes": True,
                "0": False,
                "false": False,
                "no": False,
                "": False,
            }[text.strip().lower()]
        return kind(text)
    except (KeyError, ValueError):
        wanted = {bool: "1 or 0", int: "a whole number", float: "a number"}[kind]
        raise BadSetting(name, f"must be {wanted}, not {text!r}.") from None


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadSetting("PUBLIC_URL", "must be the address people use, like https://help.example.")


def _demo_secret() -> str:
    """A random key kept beside the demo's database, so that restarts keep sessions."""
    import secrets

    path = ROOT / "instance" / "demo-secret"
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()
