"""Ranks evidence and teams for a need, in Chinese and English, offline. Importing the package loads nothing."""
