"""The migrations make exactly the models' tables, both ways, also on a database that holds rows."""

from __future__ import annotations

import runpy
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, inspect, select, text

from marketplace.app import create_app
from marketplace.config import Config
from marketplace.db.base import Base, db
from marketplace.db.migrating import include_name


@pytest.fixture
def fresh(tmp_path: Path) -> Flask:
    return create_app(
        Config(instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'm.db'}", secret_key="k", testing=True)
    )


def test_the_models_equal_the_migrations(fresh: Flask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            options = {"compare_type": True, "render_as_batch": True, "include_name": include_name}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, Base.metadata) == []
            names = set(inspect(connection).get_table_names())
            assert set(Base.metadata.tables) <= names
            defaults = [
                f"{table.name}.{column['name']}"
                for table in Base.metadata.sorted_tables
                for column in inspect(connection).get_columns(table.name)
                if column["default"] is not None and table.c[column["name"]].server_default is None
            ]
            assert defaults == [], "the models have none"
        db.engine.dispose()


def test_the_migrations_make_the_append_only_triggers(fresh: Flask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            triggers = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        db.engine.dispose()
    protected = ("audit_records", "ledger_transactions", "ledger_entries", "patent_events", "patent_steps")
    for table in (
        *protected,
        "order_amendments",
        "royalty_transactions",
        "royalty_entries",
        "licence_signatures",
        "pool_evaluations",
    ):
        assert {f"{table}_no_update", f"{table}_no_delete"} <= triggers


def test_the_migrations_go_back_to_nothing(fresh: Flask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade()
        flask_migrate.downgrade(revision="base")
        with db.engine.connect() as connection:
            assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        db.engine.dispose()


def test_names_of_organisations_that_were_there_before_are_folded_as_well() -> None:
    names = runpy.run_path("migrations/versions/20261129_organisations.py")
    columns = [Column(name, String) for name in ("name", "name_en", "folded_name", "folded_name_en")]
    table = Table("organisations", MetaData(), Column("id", Integer, primary_key=True), *columns)
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(
            table.insert(), [{"name": "ＤＪ 理工大学", "name_en": ""}, {"name": "乙", "name_en": "Two Co"}]
        )
        names["fill"](connection)
        rows = connection.execute(select(table.c.folded_name, table.c.folded_name_en).order_by(table.c.id)).all()
    engine.dispose()
    assert rows == [("dj理工大学", ""), ("乙", "twoco")]


def test_scenarios_that_nobody_named_are_called_by_what_they_are() -> None:
    forget = runpy.run_path("migrations/versions/20261130_rounds.py")["forget"]
    columns = [Column("id", Integer, primary_key=True), Column("kind", String), Column("label", String)]
    table = Table("runs", MetaData(), *columns)
    kept = [("scenario", "What if we wait"), ("hand", "人工撮合二"), ("round", "What if"), ("scenario", "取消：甲")]
    given = [
        ("scenario", "What if"),
        ("scenario", "采用一项修复"),
        ("hand", "By hand"),
        ("without_rule", "取消：每家上限"),
    ]
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"kind": kind, "label": name} for kind, name in kept + given])
        forget(connection)
        names = connection.scalars(select(table.c.label).order_by(table.c.id)).all()
    engine.dispose()
    assert names == [name for _kind, name in kept] + [""] * len(given)


def test_bids_that_lost_keep_a_code_instead_of_a_text_in_two_languages() -> None:
    names = runpy.run_path("migrations/versions/20261201_bids.py")
    table = Table("bids", MetaData(), Column("id", Integer, primary_key=True), Column("reason", String))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"reason": names["TEXT"]}, {"reason": "样件未达标"}, {"reason": ""}])
        names["replace"](connection)
        reasons = connection.scalars(select(table.c.reason).order_by(table.c.id)).all()
    engine.dispose()
    assert reasons == ["bids.other_approved", "样件未达标", ""]
