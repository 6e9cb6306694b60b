"""What this room's choices, states, buttons and refusals are called, and the fields of technology, first used here."""

from flask_babel import lazy_gettext as _l

from marketplace.kernel.fields import Field
from marketplace.talent.workflow import (
    CapabilityState,
    EvidenceKind,
    PlaceState,
    ProgrammeKind,
    ProgrammeState,
    WorkKind,
)
from marketplace.web import words

words.labels(
    Field,
    {
        Field.NEW_MATERIALS: _l("New materials"),
        Field.CHEMISTRY: _l("Chemistry"),
        Field.TEXTILES: _l("Textiles and garments"),
        Field.FOOTWEAR: _l("Footwear"),
        Field.MACHINERY: _l("Machinery"),
        Field.ROBOTICS: _l("Robotics"),
        Field.INSTRUMENTS: _l("Instruments"),
        Field.ELECTRONICS: _l("Electronics"),
        Field.OPTICS: _l("Optics"),
        Field.SOFTWARE: _l("Software"),
        Field.ARTIFICIAL_INTELLIGENCE: _l("Artificial intelligence"),
        Field.ENERGY: _l("Energy"),
        Field.ENVIRONMENT: _l("Environment"),
        Field.BIOMEDICINE: _l("Biomedicine"),
        Field.FOOD: _l("Food"),
        Field.CONSTRUCTION: _l("Construction"),
    },
)
words.labels(
    CapabilityState,
    {
        CapabilityState.DRAFT: _l("Draft"),
        CapabilityState.PUBLISHED: _l("Published"),
        CapabilityState.WITHDRAWN: _l("Withdrawn"),
    },
)
words.tones(CapabilityState, {CapabilityState.DRAFT: "waiting", CapabilityState.PUBLISHED: "good"})
words.labels(
    EvidenceKind,
    {
        EvidenceKind.PAPER: _l("Paper"),
        EvidenceKind.PATENT: _l("Patent"),
        EvidenceKind.PROJECT: _l("Project"),
    },
)
words.labels(
    WorkKind,
    {
        WorkKind.PAPER: _l("Paper"),
        WorkKind.PATENT: _l("Patent"),
        WorkKind.PROJECT: _l("Project"),
        WorkKind.STANDARD: _l("Standard"),
    },
)
words.labels(
    ProgrammeKind,
    {
        ProgrammeKind.COURSE: _l("Course"),
        ProgrammeKind.PLACEMENT: _l("Placement"),
        ProgrammeKind.MENTORING: _l("Mentoring"),
    },
)
words.labels(ProgrammeState, {ProgrammeState.OPEN: _l("Takes people"), ProgrammeState.CLOSED: _l("Takes nobody more")})
words.tones(ProgrammeState, {ProgrammeState.OPEN: "info"})
words.labels(
    PlaceState,
    {
        PlaceState.ASKED: _l("Place asked for"),
        PlaceState.GIVEN: _l("Has a place"),
        PlaceState.REFUSED: _l("No place given"),
        PlaceState.LEFT: _l("Left the programme"),
        PlaceState.COMPLETED: _l("Completed it"),
    },
)
words.tones(PlaceState, {PlaceState.ASKED: "waiting", PlaceState.GIVEN: "info", PlaceState.COMPLETED: "good"})
words.events("programme", {"close": _l("Take nobody more")})
words.events(
    "place",
    {
        "give": _l("Give the place"),
        "refuse": _l("Refuse the place"),
        "leave": _l("Leave the programme"),
        "complete": _l("Confirm completion"),
    },
)
words.events("capability", {"publish": _l("Publish the capability"), "withdraw": _l("Withdraw the capability")})
words.refusals(
    {
        "patent.form": _l(
            "“%(number)s” is not a patent number. Write a Chinese application number such as ZL201710601862.3, "
            "a publication number such as CN107346452B, or a foreign one such as US9876543B2."
        ),
        "patent.kind": _l("“%(number)s” cannot be a Chinese application number: its year or kind does not exist."),
        "patent.check_digit": _l(
            "The check digit of “%(number)s” is wrong: with these digits it would be %(right)s. Please look for a slip."
        ),
        "patent.ipc": _l("“%(symbol)s” is no symbol of the International Patent Classification such as C09D 5/08."),
        "patent.ipc_long": _l(
            "In their usual spelling the IPC symbols take %(count)s characters; there is room for %(most)s. Leave some out."
        ),
        "talent.enterprises_have_no_teams": _l("Only universities and institutes have teams."),
        "talent.owners_only": _l("Only the owner of the university's or institute's account may do this."),
        "talent.team_only": _l("Only the team's lead and its organisation's owner may do this."),
        "talent.sign_in_for_capacity": _l("Sign in to see how busy the team is."),
        "talent.not_verified": _l("The centre has not verified your organisation yet. Publish once it has."),
        "talent.no_evidence": _l("Add at least one paper, patent or project first: readers want to check."),
        "talent.last_evidence": _l(
            "A published capability keeps at least one piece of evidence. Add another one first."
        ),
        "talent.trl": _l("Both levels are between 1 and 9, and the second is not below the first."),
        "talent.price": _l("The higher price may not be below the lower one."),
        "talent.alliance_needed": _l("Choose the alliance whose members may see it."),
        "talent.other_alliance": _l("Your organisation is not a member of this alliance."),
        "talent.capacity": _l("Person-days per quarter lie between 0 and %(most)s."),
        "talent.name_taken": _l("Your organisation already has a team called “%(name)s”."),
        "talent.lead_not_member": _l("The lead must be a member of the team's own organisation."),
        "talent.year": _l("The year lies between %(first)s and %(last)s."),
        "talent.equipment_days": _l("Days a quarter lie between 0 and %(most)s."),
        "talent.orcid": _l("“%(number)s” is no ORCID iD such as 0000-0002-1825-0097."),
        "talent.orcid_digit": _l(
            "The check digit of “%(number)s” is wrong: with these digits it would be %(right)s. Please look for a slip."
        ),
        "talent.orcid_taken": _l(
            "Another page has the ORCID iD %(number)s already. Ask the centre if that is not right."
        ),
        "talent.days": _l("The last day is not before the first."),
        "talent.places": _l("Places lie between 1 and %(most)s."),
        "talent.programme_owners_only": _l("Only the owner of the hosting organisation's account may do this."),
        "talent.programme_closed": _l("The programme takes nobody more."),
        "talent.asked": _l("You have asked for a place already."),
        "talent.no_place_left": _l("No place is left."),
        "talent.full": _l("Team %(team)s has only %(free)s person-days left in %(quarter)s; %(asked)s were asked for."),
        "talent.not_reserved": _l("%(days)s person-days in %(quarter)s cannot be given back: they were not reserved."),
    }
)
