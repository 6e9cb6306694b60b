"""What was decided, by whom and when: one hash-chained record per command."""
