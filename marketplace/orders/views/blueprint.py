"""The blueprint that the pages of this folder hang on, and the filters their templates use."""

from flask import Blueprint

from marketplace.orders.rulebook import cite
from marketplace.orders.words import who_acts
from marketplace.orders.words.changing import change_note, text_name
from marketplace.orders.words.secrecy import nda_event, nda_status, pool_event
from marketplace.web.words import sentence

bp = Blueprint("orders", __name__)
bp.add_app_template_filter(who_acts)
bp.add_app_template_filter(sentence)
bp.add_app_template_filter(cite)
bp.add_app_template_filter(change_note)
bp.add_app_template_filter(text_name)
bp.add_app_template_filter(nda_event)
bp.add_app_template_filter(nda_status)
bp.add_app_template_filter(pool_event)
