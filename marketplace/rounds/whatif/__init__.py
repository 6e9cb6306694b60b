"""What if: a run's problem with changes, and what the change does to whom. Pure, apart from ``names`` in ``told``."""
