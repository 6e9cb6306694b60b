"""Deadlines and annuities: a calendar, a table of rules, and the engine that applies them. No database."""
