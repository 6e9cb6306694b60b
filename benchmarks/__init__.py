"""Measurements that anybody can repeat: instances from a seed, the engine and its peers, tables written by the run itself."""
