"""Assignment without money: teams get their orders one after another, the last three exactly.

Where nothing has to be paid and every offer has one team (generalized assignment), a good answer loses little against the
linear relaxation with nearly every team, and the rest with a few. So a beam (Ow and Morton 1988) goes through the teams in
some order. In every state the prices of the relaxation rank what the next team can get: the fillings that lose least. The
relaxation is solved again after each, and the best states go on. The last three teams share what is left exactly, if that
beats the best answer. Then the same again with another order of the teams, and more states once that finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from marketplace.matching.decomposition.board import MUST, Board, put_all, standing
from marketplace.matching.decomposition.market import Flag, Market, Real, Whole
from marketplace.matching.decomposition.ranking import FAR, nearest, share
from marketplace.matching.decomposition.relaxation import Node, Relaxation

EACH, CLOSE = 6, 2  # near offers per order, and how many of these are so close that they tell what is little to lose
STATES, MORE, MOST = 40, 1.3, 400  # states that go on: to begin with, more after a round that found nothing, at most
TEAMS, MANY = 20, 100  # with more teams fewer states, so that a round takes the same work; with so many it never pays
FEW = 4.0  # orders for each team: with fewer it found nothing (class d, 40 x 100)
FILLINGS, ROWS = 30, 256  # of a team in one state: as many are looked for, so many are listed at most
WIDEST = 3.0  # times as much as is little to lose: what an order must lose more elsewhere to be a team's for sure
TRIED = 4  # relaxations solved for each state that goes on
LAST = 3  # teams that share the rest
SURE = 1e-6  # scaled values closer than this are the same


class Beam:
    """Rounds through all teams of one board; `loss` is what decomposition/losses tells of every offer at the best prices."""

    def __init__(self, board: Board, market: Market, loss: Real, stop: Callable[[], bool]) -> None:
        near = np.sort(np.argsort(loss, kind="stable")[: EACH * market.orders])
        self.board, self.stop = board, stop
        self.relaxation = Relaxation(market, board.orders[:, MUST] != 0, near)
        self.teams = np.unique(self.relaxation.team)
        self.states = STATES * min(1.0, TEAMS / len(self.teams))
        pays = len(self.teams) <= MANY and market.orders >= FEW * len(self.teams)
        self.root = self.relaxation.root() if pays else None
        self.least, self.unit = -np.inf, SURE  # what an answer must be worth; what is little to lose
        if self.root is not None:
            lost = np.sort(self.relaxation.lost(self.root))
            self.unit = max(SURE, float(lost[: CLOSE * market.orders][-1]))

    def round(self, draw: np.random.Generator) -> int:
        """Fill the teams in a sequence that is drawn, and put the answer on the board if it is better; relaxations solved."""
        if self.root is None:
            return 0
        solved = self.relaxation.solved
        missing, total = standing(self.board)
        self.least = total / self.relaxation.scale + SURE if missing == 0 else -np.inf
        found = self._fill(self.root, draw.permutation(self.teams), max(1, int(self.states)))
        if found is None:
            self.states = min(MOST, self.states * MORE)
        else:
            put_all(self.board, found)
        return self.relaxation.solved - solved

    def _fill(self, root: Node, teams: Whole, states: int) -> Whole | None:
        """By order the offer of a better answer, −1 for none; None when this sequence of teams led to nothing better."""
        nodes, closed = [root], np.zeros(len(self.relaxation.room), bool)
        for team in teams[:-LAST].tolist():
            nodes = self._step(nodes, team, closed, states)
            closed[team] = True
        best = None
        for node in nodes:
            if self.stop() or node.worth < self.least:
                break
            shared = self._share(node, teams[-LAST:])
            best = best if shared is None else shared
        return best

    def _step(self, nodes: list[Node], team: int, closed: Flag, states: int) -> list[Node]:
        """The best states after the next team has got its orders."""
        after = closed.copy()
        after[team] = True
        children = [
            (node.worth - lost, number, chosen)
            for number, node in enumerate(nodes)
            for lost, chosen in self._fillings(node, team, closed)
        ]
        found: dict[bytes, Node] = {}
        for worth, number, chosen in sorted(children, key=lambda child: -child[0])[: TRIED * states]:
            if self.stop() or worth < self.least:
                break
            node = self.relaxation.after(nodes[number], chosen, after, self.least)
            if node is None:
                continue
            same = (chosen >= 0).tobytes()  # the same orders are left, so only the better one can matter
            if same not in found or found[same].worth < node.worth:
                found[same] = node
        return sorted(found.values(), key=lambda node: -node.worth)[:states]

    def _fillings(self, node: Node, team: int, closed: Flag) -> Iterator[tuple[float, Whole]]:
        """What the team can get and loses little: the loss, and the choice with it."""
        relaxation, price, widest = self.relaxation, node.team[team], WIDEST * self.unit
        loss = relaxation.lost(node)
        free = (node.chosen[relaxation.order] < 0) & ~closed[relaxation.team]
        mine = free & (relaxation.team == team)
        outside = np.where(relaxation.must, FAR, np.maximum(0.0, node.order))
        np.minimum.at(outside, relaxation.order[free & ~mine], loss[free & ~mine])
        more = outside[relaxation.order] - loss  # what an order loses more without the offer
        sure, unsure = np.flatnonzero(mine & (more > widest)), np.flatnonzero(mine & (np.abs(more) <= widest))
        room = int(relaxation.room[team] - relaxation.load[sure].sum())
        if room < 0:
            return
        load = relaxation.load[unsure]
        found, lost = np.zeros((ROWS, len(unsure)), np.int64), np.zeros(ROWS)
        inside, elsewhere = loss[unsure] - price * load, outside[relaxation.order[unsure]]
        many = nearest(inside, elsewhere, load, room, FILLINGS, widest, self.unit, found, lost)
        for row in np.argsort(lost[:many], kind="stable")[:FILLINGS].tolist():
            taken = np.concatenate([sure, unsure[found[row] != 0]])
            chosen = node.chosen.copy()
            chosen[relaxation.order[taken]] = relaxation.offer[taken]
            yield price * room + lost[row], chosen

    def _share(self, node: Node, teams: Whole) -> Whole | None:
        """The best sharing of what is left among these teams, if it makes a better answer; `least` rises to it."""
        relaxation = self.relaxation
        orders = np.flatnonzero(node.chosen < 0)
        size = LAST, len(orders)
        loss, load, offer = np.full(size, FAR), np.zeros(size, np.int64), np.full(size, -1)
        rank, place = np.full(len(relaxation.room), -1), np.full(len(node.chosen), -1)
        rank[teams], place[orders] = np.arange(len(teams)), np.arange(len(orders))
        mine = (rank[relaxation.team] >= 0) & (place[relaxation.order] >= 0)
        at = rank[relaxation.team[mine]], place[relaxation.order[mine]]
        loss[at], load[at], offer[at] = relaxation.lost(node)[mine], relaxation.load[mine], relaxation.offer[mine]
        room, price = np.zeros(LAST, np.int64), np.zeros(LAST)
        room[: len(teams)], price[: len(teams)] = relaxation.room[teams], node.team[teams]
        nobody = np.where(relaxation.must[orders], FAR, np.maximum(0.0, node.order[orders]))
        best = np.full(len(orders), -1)
        budget = min(FAR / 4, node.worth - self.least)
        lost = share(loss, nobody, load, room, price, budget, self.unit, best)
        if lost >= FAR / 2:
            return None
        self.least = node.worth - lost + 2 * SURE
        chosen = node.chosen.copy()
        chosen[orders] = np.where(best >= 0, offer[best, np.arange(len(orders))], -1)
        return chosen
