"""The only place where the parts are wired together."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Flask, request
from flask import session as browser_session
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from marketplace.accounts import returning, sessions
from marketplace.config import ROOT, Config
from marketplace.db import engine
from marketplace.db.base import db
from marketplace.jobs import queue
from marketplace.kernel.clock import Clock, system_clock
from marketplace.kernel.lazy import LazyModule
from marketplace.rooms import BLUEPRINTS
from marketplace.tables import TABLE_MODULES
from marketplace.web import errors, expired, filters, guards, headers, navigation, uploads

cli = LazyModule("marketplace.cli")

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
TRANSLATIONS = ROOT / "translations"


def create_app(config: Config, clock: Clock = system_clock, *, commands: bool = True) -> Flask:
    """Build the application. Nothing is migrated, sent or fetched here; servers start faster without the ``commands``."""
    app = Flask(__name__, root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.request_class = uploads.InMemory
    app.url_map.converters["int"] = guards.RowNumber
    _configure(app, config)
    app.extensions["config"] = config
    app.extensions["clock"] = clock
    app.extensions["table_modules"] = TABLE_MODULES
    db.init_app(app)
    with app.app_context():
        engine.install(db.engine)
    CSRFProtect(app)
    Babel(app, locale_selector=select_locale)
    login = LoginManager(app)
    login.user_loader(sessions.load)
    login.session_protection = None  # the row in login_sessions is what counts; a changed address must not sign out
    queue.install(app, config)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    filters.install(app)
    navigation.install(app)
    errors.install(app)
    expired.install(app)
    headers.install(app, secure=config.secure)
    if commands:
        cli.install(app)
    guards.install(app, load_actor=sessions.current_actor, now=clock, ask_who=returning.ask_who)
    return app


def _configure(app: Flask, config: Config) -> None:
    domains = [path.stem for path in sorted(TRANSLATIONS.glob("zh_Hans_CN/LC_MESSAGES/*.po"))]
    app.config.from_mapping(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine.engine_options(config.database_url),
        TESTING=config.testing,
        MAX_CONTENT_LENGTH=config.max_upload,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_NAME="__Host-tripool" if config.secure else "tripool",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_ENABLED=not config.testing,
        WTF_CSRF_CHECK_DEFAULT=False,  # web/guards asks for the token, once it is known who calls
        WTF_CSRF_SSL_STRICT=False,  # web/expired asks where it came from; many readers' browsers send no Referer
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_DOMAIN=";".join(domains) or "messages",
        BABEL_TRANSLATION_DIRECTORIES=";".join([str(TRANSLATIONS)] * max(1, len(domains))),
        TRUSTED_HOSTS=list(config.trusted_hosts) or None,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if not config.testing:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def select_locale() -> str:
    """Return the reader's language: chosen on this browser, else the account's, else what the browser asks for."""
    if not request:
        return LOCALES["zh"]
    chosen = browser_session.get("locale")
    if chosen in LOCALES:
        return LOCALES[chosen]
    best = request.accept_languages.best_match(["zh-CN", "zh", "en"], "zh")
    return LOCALES["en" if best == "en" else "zh"]
