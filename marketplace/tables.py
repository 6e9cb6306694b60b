"""Every module of tables; importing this one makes all of them known to the metadata."""

from marketplace.accounts import models as accounts
from marketplace.alliances import models as alliances
from marketplace.approvals import models as approvals
from marketplace.audit import models as audit
from marketplace.awards import models as awards
from marketplace.bids import models as bids
from marketplace.conflicts import models as conflicts
from marketplace.contracts import models as contracts
from marketplace.defence import models as defence
from marketplace.evaluation import models as evaluation
from marketplace.funds import models as funds
from marketplace.imports import models as imports
from marketplace.jobs import models as jobs
from marketplace.licences import models as licences
from marketplace.orders import models as orders
from marketplace.organisations import models as organisations
from marketplace.outbox import models as outbox
from marketplace.patents import models as patents
from marketplace.pools import models as pools
from marketplace.rounds import models as rounds
from marketplace.search import models as search
from marketplace.storage import models as storage
from marketplace.talent import models as talent
from marketplace.vectors import models as vectors

TABLE_MODULES = (
    accounts,
    alliances,
    approvals,
    audit,
    awards,
    bids,
    contracts,
    conflicts,
    defence,
    evaluation,
    funds,
    imports,
    jobs,
    licences,
    orders,
    organisations,
    outbox,
    patents,
    pools,
    rounds,
    search,
    storage,
    talent,
    vectors,
)
