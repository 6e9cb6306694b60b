"""Joint defence: members watch for patents that concern them, report threats in confidence, and share the cost of a defence."""
