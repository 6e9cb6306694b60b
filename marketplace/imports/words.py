"""What importing refuses, in words."""

from flask_babel import lazy_gettext as _l

from marketplace.web import words

words.refusals(
    {
        "imports.kind": _l("Files of this kind cannot be imported. Allowed: %(allowed)s."),
        "imports.not_a_file": _l("There is no such file."),
        "imports.unreadable": _l("The file cannot be read: %(detail)s."),
        "imports.too_large": _l("The file is larger than %(limit)s MB."),
        "imports.many_rows": _l("The file has more than %(most)s rows. Please split it."),
        "imports.no_rows": _l("The file has no rows."),
        "imports.nul": _l("The file contains NUL bytes. Please save it again as UTF-8."),
        "imports.encoding": _l("This is not text in %(encodings)s."),
        "imports.csv": _l("This is not CSV; look for a quotation mark that is not closed, or for an endless cell."),
        "imports.header": _l("The first line must name the columns, each once and none empty."),
        "imports.cells": _l("The line has %(cells)s cells and the header names %(columns)s."),
        "imports.workbook": _l("This is not a readable Excel workbook."),
        "imports.unpacks": _l("The workbook would unpack to more than %(limit)s MB."),
        "imports.sheet": _l("The sheet has cells beyond row %(rows)s or column %(columns)s."),
        "imports.json": _l("This line is not JSON."),
        "imports.not_an_object": _l("This line must be a JSON object such as {“title”: …}."),
        "imports.empty_row": _l("This line is empty."),
        "imports.unknown_column": _l("There is no such column. Known: %(known)s."),
        "imports.type": _l("This must be text."),
        "imports.long": _l("This has %(length)s characters; at most %(most)s are possible."),
        "imports.control": _l("This contains characters that cannot be shown."),
        "imports.missing": _l("This is missing."),
        "imports.twice": _l("The same number is already on line %(first)s."),
        "imports.known": _l("This was imported before."),
        "imports.money": _l("This is not an amount. Write yuan such as 480000."),
        "imports.field": _l("There is no such field of technology. Known: %(known)s."),
        "imports.day": _l("This is not a day to come. Write it as 2027-06-30."),
        "imports.year": _l("This is not a year."),
        "imports.no_alliance": _l("There is no alliance “%(code)s”."),
        "imports.no_organisation": _l("There is no verified enterprise with the number “%(uscc)s” in the alliance."),
        "imports.no_institution": _l("There is no verified university or institute “%(name)s”."),
        "imports.owner_needed": _l("The row names no organisation, and none was given for the whole file."),
        "imports.patent_kind": _l("There is no such kind of patent. Known: %(known)s."),
        "imports.legal_state": _l("There is no such legal state. Known: %(known)s."),
        "imports.state_days": _l("A right in this state needs its day of grant."),
        "imports.whole_number": _l("This is not a whole number."),
        "imports.same_column": _l("Two columns both say “%(name)s”."),
        "imports.xml": _l("This is not well-formed XML."),
        "imports.xml_entities": _l(
            "XML with its own entities or declarations is not read. Please export it again without them."
        ),
        "imports.xml_deep": _l("The XML is nested more than %(most)s levels deep."),
        "imports.xml_documents": _l("No patent document (WIPO ST.36 or ST.96) was found in the file."),
        "imports.no_member": _l("There is no verified organisation with the number “%(uscc)s”."),
        "imports.not_yours": _l("Choose an organisation whose patents you may write."),
        "imports.gone": _l("The checked file is no longer here. Please check it again."),
        "imports.problems": _l("The file has %(count)s mistakes. Nothing was imported."),
    }
)
