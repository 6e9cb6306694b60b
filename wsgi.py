"""What servers and the ``flask`` command import."""

from marketplace.app import create_app
from marketplace.config import Config

app = create_app(Config.from_environ())
