"""Sentence encoders in NumPy: the weights come from data in installed packages, none of whose code is run."""
