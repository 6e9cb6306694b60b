"""A threat becomes a case, old art is found and paid for, and the case ends with what it saved: five people in five browsers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from marketplace.db.base import db
from marketplace.defence.models import Contest
from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundKind
from marketplace.kernel.call import Role
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.factories import Make

PEOPLE = {
    "threatened": ("zh-CN", 390),
    "secretary": ("zh-CN", 1280),
    "finder": ("en-US", 390),
    "payer": ("en-US", 1280),
}


def stage(site: Site) -> int:
    """An alliance with a fund, a member under attack, and somebody at a university who knows old documents."""
    with site.app.app_context():
        make = Make(site.clock, first=7_000)
        alliance = make.alliance(name="显示产业联盟", name_en="Display Alliance")
        fund = make.fund(
            50_000_000,
            name="联盟防御基金",
            name_en="Defence Fund",
            kind=FundKind.ALLIANCE,
            public=False,
            alliance_id=alliance.id,
        )
        accounts = {
            "threatened": make.owner(make.enterprise(alliance=alliance, name="被告显示公司")),
            "secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=alliance),
            "finder": make.owner(make.university(name="北湾大学")),
            "payer": make.account(Role.FUND_MANAGER),
        }
        site.emails.update({who: row.email for who, row in accounts.items()})
        number = fund.id
        db.session.remove()
    return number


def test_a_threat_becomes_a_case_with_prior_art_and_an_outcome(site: Site, visit: Visit) -> None:
    fund = stage(site)
    people = {who: visit(who, locale=locale, width=width) for who, (locale, width) in PEOPLE.items()}
    threatened, secretary, finder, payer = people.values()

    # Reported in confidence; the staff makes a case of it.
    threatened.go("/defence/threats/new", picture="defence-threat-zh-390")
    threatened.fill(kind="suit", asserted="US9876543B2", who="境外主张实体", text="要求三十日内停止出口")
    threatened.press("/defence/threats")
    threat = threatened.path
    secretary.page.goto(f"{threat}/case")
    secretary.fill(title="背光专利联合应对", budget="90万", rule="exposure", counsel="权利要求1的新颖性存疑")
    secretary.press("/case")
    case = secretary.path

    # The member states a product, reads its share to the fen, and joins.
    threatened.go(f"{case}/products/new", picture="defence-product-zh-390")
    threatened.fill(name="背光模组", revenue="300万", patents=True)
    threatened.press("/products")
    assert threatened.reads("¥900,000")
    threatened.press("/join")
    assert threatened.reads("权利要求1的新颖性存疑")
    threatened.go(case, picture="defence-case-zh-390")

    # A bounty for prior art: proposed by one person, released by another.
    secretary.go(f"{case}/contests/new", picture="defence-contest-form-zh-1280")
    closes = site.clock() + timedelta(days=3)
    secretary.fill(elements="导光板\n量子点膜", before_on="2012-05-01", bounty="5万", fund_id=fund)
    secretary.fill(closes_at=closes.strftime("%Y-%m-%dT%H:%M"))
    secretary.press("/contests")
    contest = secretary.path
    payer.go(contest, picture="defence-contest-en-1280")
    payer.press("/open")
    finder.go(f"{contest}/enter", picture="defence-art-en-390")
    finder.fill(title="Quantum dot film", reference="JP2009-111111A", published_on="2009-06-01")
    finder.fill(**{"passages-0": "paragraph 12", "passages-1": "claim 3"})
    finder.press("/enter")
    finder.look("defence-entered-en-390")

    # Judged after the closing, confirmed and paid by the second person.
    site.clock.advance(days=4)
    secretary.page.goto(contest)
    secretary.fill(holding=True)
    secretary.press("/propose-award")
    payer.page.goto(contest)
    payer.press("/award")
    payer.page.goto(f"{contest}/pay")
    payer.fill(bank_reference="ICBC-0001")
    payer.press("/pay")
    payer.look("defence-paid-en-1280")

    # The case ends with its outcome, for every member.
    secretary.page.goto(case)
    secretary.press("/begin")
    secretary.page.goto(f"{case}/close")
    secretary.fill(outcome="对方撤回全部主张", spent="60万", saved="640万")
    secretary.press("/close")
    threatened.go(case, picture="defence-outcome-zh-390")
    assert threatened.reads("对方撤回全部主张")
    assert threatened.reads("¥6,400,000")
    with site.app.app_context():
        row = db.session.get(Fund, fund)
        assert row is not None
        assert (row.available, row.reserved, row.committed, row.paid) == (45_000_000, 0, 0, 5_000_000)
        assert db.session.scalars(select(Contest.bank_reference)).all() == ["ICBC-0001"]
        db.session.remove()
    for person in people.values():
        person.at_ease()
