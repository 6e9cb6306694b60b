"""What happens to funds: their rules change by two people, they open and close, money comes in and goes from one to another."""

from marketplace.funds.service.bank import keep_bank_statement
from marketplace.funds.service.contributions import approve_contribution, propose_contribution, reject_contribution
from marketplace.funds.service.lives import close_fund, create_fund, expire_fund, open_fund, remind_of_end
from marketplace.funds.service.rules import apply_rules, approve_rules, propose_rules, reject_rules
from marketplace.funds.service.transfers import approve_transfer, propose_transfer, reject_transfer

__all__ = [
    "apply_rules",
    "approve_contribution",
    "approve_rules",
    "approve_transfer",
    "close_fund",
    "create_fund",
    "expire_fund",
    "keep_bank_statement",
    "open_fund",
    "propose_contribution",
    "propose_rules",
    "propose_transfer",
    "reject_contribution",
    "reject_rules",
    "reject_transfer",
    "remind_of_end",
]
