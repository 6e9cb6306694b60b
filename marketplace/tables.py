"""Every module of tables; importing this one makes all of them known to the metadata."""

from marketplace.accounts import models as accounts
from marketplace.alliances import models as alliances
from marketplace.approvals import models as approvals
from marketplace.audit import models as audit
from marketplace.awards import models as awards
from marketplace.bids import models as bids
from marketplace.conflicts import models as conflicts
from marketplace.contracts import models as contracts
from marketplace.funds import models as funds
from marketplace.imports import models as imports
from marketplace.jobs import models as jobs
from marketplace.orders import models as orders
from marketplace.organisations import models as organisations
from marketplace.outbox import models as outbox
from marketplace.patents import models as patents
from marketplace.rounds import models as rounds
from marketplace.search import models as search
from marketplace.storage import models as storage
from marketplace.talent import models as talent

TABLE_MODULES = (
    accounts,
    alliances,
    approvals,
    audit,
    awards,
    bids,
    contracts,
    conflicts,
    funds,
    imports,
    jobs,
    orders,
    organisations,
    outbox,
    patents,
    rounds,
    search,
    storage,
    talent,
)
