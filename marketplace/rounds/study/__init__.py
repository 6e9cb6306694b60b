"""Answers found by solving a run again with something changed. Everything told was tried; nothing is guessed."""
