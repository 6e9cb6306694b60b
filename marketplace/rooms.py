"""Every blueprint, in the order of the house, and every room's jobs."""

import marketplace.audit.jobs
import marketplace.awards.jobs
import marketplace.bids.jobs
import marketplace.contracts.jobs
import marketplace.funds.jobs
import marketplace.orders.jobs
import marketplace.outbox.jobs
import marketplace.rounds.encoding
import marketplace.rounds.jobs  # noqa: F401 - these register their jobs
from marketplace.accounts.views import bp as accounts
from marketplace.alliances.views import bp as alliances
from marketplace.audit.views import bp as audit
from marketplace.awards.views import bp as awards
from marketplace.bids.views import bp as bids
from marketplace.conflicts.views import bp as conflicts
from marketplace.contracts.views import bp as contracts
from marketplace.defence.views import bp as defence
from marketplace.evaluation.views import bp as evaluation
from marketplace.funds.views import bp as funds
from marketplace.home.views import bp as home
from marketplace.imports.views import bp as imports
from marketplace.insights.views import bp as insights
from marketplace.licences.views import bp as licences
from marketplace.orders.views import bp as orders
from marketplace.organisations.views import bp as organisations
from marketplace.patents.views import bp as patents
from marketplace.pools.views import bp as pools
from marketplace.rounds.views import bp as rounds
from marketplace.search.views import bp as search
from marketplace.simulator.views import bp as simulator
from marketplace.storage.views import bp as storage
from marketplace.talent.views import bp as talent

BLUEPRINTS = (
    audit,
    storage,
    accounts,
    organisations,
    alliances,
    talent,
    funds,
    patents,
    conflicts,
    orders,
    bids,
    evaluation,
    rounds,
    simulator,
    awards,
    contracts,
    pools,
    licences,
    defence,
    insights,
    imports,
    search,
    home,
)
