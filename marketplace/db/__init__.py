"""The only set-up of SQLAlchemy: base class, column types, the engine's habits, and the one place that commits."""
