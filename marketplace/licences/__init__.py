"""Licences of patents, one by one or a pool's bundle: asked for, agreed, signed, paid, and the income shared."""
