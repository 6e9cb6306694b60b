"""What servers and the ``flask`` command import."""

import gc
import os

# Nothing that is imported becomes garbage, so looking for it only delays the start, by a fifth.
gc.disable()

from marketplace.app import create_app  # noqa: E402
from marketplace.config import Config  # noqa: E402

app = create_app(Config.from_environ(), commands=os.environ.get("FLASK_RUN_FROM_CLI") == "true")
gc.freeze()
gc.enable()
