"""The patent pool's register: what the members own, until when, and what must be done about it."""
