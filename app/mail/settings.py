"""The settings that sending needs; `Config` has them all."""

from typing import Protocol


class MailSettings(Protocol):
    """Where and how mail leaves; times are in seconds."""

    @property
    def mail_server(self) -> str:
        """Host name; empty: no server, letters stay queued."""

    @property
    def mail_port(self) -> int:
        """TCP port."""

    @property
    def mail_username(self) -> str:
        """Empty: no sign-in."""

    @property
    def mail_password(self) -> str:
        """Belongs to the user name."""

    @property
    def mail_use_tls(self) -> str:
        """none, starttls or tls."""

    @property
    def mail_from(self) -> str:
        """The address in From and in the envelope."""

    @property
    def mail_timeout_s(self) -> int:
        """Longest wait for a connection or a command."""

    @property
    def mail_final_timeout_s(self) -> int:
        """Longest wait for the answer to a whole letter."""

    @property
    def lease_s(self) -> int:
        """How long a sender may hold a letter."""

    @property
    def retry_base_s(self) -> int:
        """The first pause after a refusal for now."""
