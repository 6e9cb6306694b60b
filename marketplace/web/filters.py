"""How money, dates and states are written: per language, in the city's time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import format_currency, format_decimal
from flask import Flask, g
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from jinja2 import pass_context

from marketplace.kernel import money as kernel_money
from marketplace.kernel.lazy import LazyModule
from marketplace.kernel.patents import SEPARATOR
from marketplace.matching.relevance import classes
from marketplace.web.dates import CITY as CITY
from marketplace.web.dates import day as day
from marketplace.web.dates import from_iso
from marketplace.web.dates import moment as moment
from marketplace.web.words import event_label, label, tone

cn2an = LazyModule("cn2an")


def money(fen: int | None) -> str:
    """¥480,000.00; whole yuan without the zeros."""
    if fen is None:
        return "—"
    pattern = "¥#,##0" if fen % 100 == 0 else "¥#,##0.00"
    amount = kernel_money.yuan(fen)
    return str(format_currency(amount, "CNY", format=pattern, locale=get_locale(), currency_digits=False))


def money_words(fen: int | None) -> str:
    """The amount as contracts write it: 肆拾捌万元整; English readers get "1.25 million yuan" and below a million nothing,
    where words would only repeat the figures."""
    if fen is None:
        return ""
    if str(get_locale()).startswith("zh"):
        return cn2an.an2cn(str(kernel_money.yuan(fen)), "rmb") if fen < kernel_money.MAX_FEN else money(fen)
    value = kernel_money.yuan(fen)
    for size, name in ((Decimal(10**9), _("billion yuan")), (Decimal(10**6), _("million yuan"))):
        if value >= size:
            return f"{format_decimal((value / size).normalize(), locale=get_locale())} {name}"
    return ""


def typed(yuan: int) -> str:
    """An amount as a reader would type it into a form: 48万, or 480,000 in English."""
    chinese = str(get_locale()).startswith("zh") and not yuan % 10_000
    return f"{yuan // 10_000}万" if chinese else f"{yuan:,}"


def number(value: int | Decimal | float | None) -> str:
    return "—" if value is None else format_decimal(value, locale=get_locale())


def percent(basis_points: int | None) -> str:
    """3000 → 30 %, with a no-break space so that the sign never stands alone on a line."""
    if basis_points is None:
        return "—"
    value = (Decimal(basis_points) / 100).normalize()
    return f"{value:f}\N{NO-BREAK SPACE}%"


def share(part: int, whole: int) -> str:
    """A part of a whole to one decimal, the same in sentences, bars and tables; what is left of nothing is no share."""
    if whole <= 0:
        return ""
    thousandths = (part * 2000 + whole) // (2 * whole)
    return percent(thousandths * 10) if thousandths or not part else f"<\N{NO-BREAK SPACE}{percent(10)}"


def days_left(value: datetime | date | None) -> str:
    """“3 days left”, “today”, “over”: counted in the city's calendar."""
    if value is None:
        return ""
    now: datetime = g.call.now
    if isinstance(value, datetime) and value <= now:
        return str(_("over"))
    target = value.astimezone(CITY).date() if isinstance(value, datetime) else value
    days = (target - now.astimezone(CITY).date()).days
    if days < 0:
        return str(_("over"))
    if days == 0:
        return str(_("today"))
    return str(ngettext("%(num)d day left", "%(num)d days left", days))


def days_to_pay(due: date) -> str:
    """The same for money that is owed: after the day it is late, and still to be paid."""
    late: int = (g.call.now.astimezone(CITY).date() - due).days
    return str(ngettext("%(num)d day late", "%(num)d days late", late)) if late > 0 else days_left(due)


def in_language(subject: object, attribute: str = "name") -> str:
    """The reader's language of a bilingual pair such as ``name``/``name_en``; the other where one is empty."""
    chinese, english = str(getattr(subject, attribute)), str(getattr(subject, f"{attribute}_en", ""))
    preferred, other = (chinese, english) if str(get_locale()).startswith("zh") else (english, chinese)
    return preferred or other


def ipc(symbols: str) -> str:
    """IPC symbols with what their classes are about: "C09D 5/08 (dyes, paints, adhesives)"."""
    chinese = str(get_locale()).startswith("zh")
    before, after, between = ("（", "）", "；") if chinese else (" (", ")", "; ")
    told = [(symbol, classes.label(symbol, chinese=chinese)) for symbol in symbols.split(SEPARATOR) if symbol]
    return between.join(f"{symbol}{before}{about}{after}" if about else symbol for symbol, about in told)


def install(app: Flask) -> None:
    filters: dict[str, Callable[..., str]] = {
        "money": money,
        "money_words": money_words,
        "number": number,
        "typed": typed,
        "percent": percent,
        "share": share,
        "date": day,
        "datetime": moment,
        "from_iso": from_iso,
        "days_left": days_left,
        "days_to_pay": days_to_pay,
        "label": label,
        "state_label": label,
        "state_tone": tone,
        "event_label": lambda event, machine: event_label(machine, event),
        "in_language": in_language,
        "ipc": ipc,
    }
    app.jinja_env.filters.update({name: _each_time(write) for name, write in filters.items()})
    app.jinja_env.globals["get_locale"] = get_locale


def _each_time(write: Callable[..., str]) -> Callable[..., str]:
    """Keep Jinja from working a constant out once, when it compiles a template in the language of its first reader."""
    return pass_context(lambda _context, *values, **named: write(*values, **named))
