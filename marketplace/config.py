"""Everything that differs between installations, read from the environment once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Config:
    """Settings of one process; tests make their own.

    ``instance`` is the folder of keys, the queue, mail and (by default) the database. ``opener_key`` is the private key file
    that opens sealed bids: the web process never reads it, only the worker and the ``flask bids`` commands do.
    """

    instance: Path
    database_url: str
    secret_key: str = field(repr=False)
    base_url: str = "http://127.0.0.1:8000"
    queue_url: str = ""
    demo: bool = False
    testing: bool = False
    jobs_inline: bool = False
    opener_key: Path | None = None
    mail_host: str = ""
    mail_from: str = "tripool@localhost"
    trusted_hosts: tuple[str, ...] = ()
    max_upload: int = 10 * 1024 * 1024

    @property
    def secure(self) -> bool:
        """True when people reach the site over TLS."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read ``TRIPOOL_*`` and ``DATABASE_URL``; every one has a default that works on one machine."""
        instance = Path(environ.get("TRIPOOL_INSTANCE", ROOT / "instance")).resolve()
        return cls(
            instance=instance,
            database_url=environ.get("DATABASE_URL", f"sqlite:///{instance / 'tripool.db'}"),
            secret_key=environ.get("TRIPOOL_SECRET_KEY") or secret_file(instance / "secret.key"),
            base_url=environ.get("TRIPOOL_BASE_URL", "http://127.0.0.1:8000"),
            queue_url=environ.get("TRIPOOL_QUEUE_URL", ""),
            demo=environ.get("TRIPOOL_DEMO", "") == "1",
            opener_key=Path(environ.get("TRIPOOL_OPENER_KEY", instance / "opener" / "private.key")),
            mail_host=environ.get("TRIPOOL_MAIL_HOST", ""),
            mail_from=environ.get("TRIPOOL_MAIL_FROM", "tripool@localhost"),
            trusted_hosts=tuple(filter(None, environ.get("TRIPOOL_TRUSTED_HOSTS", "").split(","))),
        )


def secret_file(path: Path) -> str:
    """Return the secret kept in ``path``, making it (readable by its owner only) when there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_hex(32)
        file.write(secret)
    return secret
