"""The words of a contract: standard texts in Chinese, filled from facts; the linter; and tracked changes. No database here."""
