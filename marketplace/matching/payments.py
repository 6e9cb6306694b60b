"""Whole-fen payments for chosen modes: a network flow, so floats may propose but integers decide.

Money flows from each order's need through its grants (public ones first through the order's public ceiling), the
limit of its enterprise at each fund, and the fund's budget. The proposal is pushed as far as it goes, the rest is
found by augmenting paths, and cost is proved least by the absence of a negative cycle (Ahuja, Magnanti, Orlin,
Network Flows, 1993, ch. 7 and 9). All in Python integers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from marketplace.matching.encoding import NO_LIMIT, Arrays
from marketplace.matching.modes import Mode

Node = tuple[str, int, int]
_SINK: Node = ("sink", 0, 0)


@dataclass(frozen=True, slots=True)
class Unpayable:
    """No payment exists: the modes at these places of the list cannot all be paid together."""

    modes: tuple[int, ...]


class _Network:
    """Residual arcs in pairs: arc i and its reverse i ^ 1."""

    def __init__(self) -> None:
        self.out: dict[Node, list[int]] = {_SINK: []}
        self.tail: list[Node] = []
        self.head: list[Node] = []
        self.room: list[int] = []
        self.cost: list[int] = []

    def arc(self, tail: Node, head: Node, room: int, cost: int = 0) -> int:
        for node in (tail, head):
            self.out.setdefault(node, [])
        for start, end, amount, price in ((tail, head, room, cost), (head, tail, 0, -cost)):
            self.out[start].append(len(self.head))
            self.tail.append(start)
            self.head.append(end)
            self.room.append(amount)
            self.cost.append(price)
        return len(self.head) - 2

    def push(self, path: Iterable[int], amount: int) -> None:
        for arc in path:
            self.room[arc] -= amount
            self.room[arc ^ 1] += amount

    def path(self, start: Node) -> list[int] | set[Node]:
        """A shortest path with room from start to the sink, or every node that can be reached instead."""
        came: dict[Node, int] = {start: -1}
        queue = deque([start])
        while queue:
            node = queue.popleft()
            for arc in self.out[node]:
                head = self.head[arc]
                if self.room[arc] > 0 and head not in came:
                    came[head] = arc
                    if head == _SINK:
                        return self._back(came, head)
                    queue.append(head)
        return set(came)

    def _back(self, came: Mapping[Node, int], node: Node) -> list[int]:
        path = []
        while came[node] >= 0:
            path.append(came[node])
            node = self.tail[came[node]]
        return path

    def negative_cycle(self) -> list[int] | None:
        """Arcs with room whose costs sum below 0, or None (Bellman–Ford from everywhere at once)."""
        dist = dict.fromkeys(self.out, 0)
        came: dict[Node, int] = {}
        arcs = [arc for arc in range(len(self.head)) if self.room[arc] > 0]
        moved: Node | None = None
        for _ in range(len(self.out) + 1):
            moved = None
            for arc in arcs:
                new = dist[self.tail[arc]] + self.cost[arc]
                if new < dist[self.head[arc]]:
                    dist[self.head[arc]] = new
                    came[self.head[arc]] = arc
                    moved = self.head[arc]
            if moved is None:
                return None
        return self._cycle(came, moved)

    def _cycle(self, came: Mapping[Node, int], moved: Node | None) -> list[int]:
        assert moved is not None
        for _ in range(len(self.out)):
            moved = self.tail[came[moved]]
        cycle, node = [came[moved]], self.tail[came[moved]]
        while node != moved:
            cycle.append(came[node])
            node = self.tail[came[node]]
        return cycle


@dataclass(frozen=True, slots=True)
class _Route:
    """Where a grant runs through the network; the first arc is the grant itself."""

    mode: int
    fund: int
    least: int
    arcs: tuple[int, ...]


def pay(
    arrays: Arrays, modes: Sequence[Mode], proposal: Mapping[tuple[int, int], int] | None = None
) -> list[dict[int, int]] | Unpayable:
    """Least-cost whole payments {fund: fen > 0} for modes of different orders taken together, or why there are none.

    `proposal` maps (order, fund) to fen and is only a warm start.
    """
    blocked = _smallest_grants_overdraw(arrays, modes)
    if blocked is not None:
        return blocked
    net, routes = _build(arrays, modes)
    needs = [mode.need - sum(grant.least for grant in mode.grants) for mode in modes]
    for route in routes:
        wish = (proposal or {}).get((modes[route.mode].order, route.fund), 0) - route.least
        amount = min([max(wish, 0), needs[route.mode], *(net.room[arc] for arc in route.arcs)])
        net.push(route.arcs, amount)
        needs[route.mode] -= amount
    for place, need in enumerate(needs):
        while need:
            path = net.path(("order", place, 0))
            if isinstance(path, set):
                return _blame(modes, path)
            amount = min([need, *(net.room[arc] for arc in path)])
            net.push(path, amount)
            need -= amount
    if any(arrays.fund_cost[route.fund] for route in routes):
        while (cycle := net.negative_cycle()) is not None:
            net.push(cycle, min(net.room[arc] for arc in cycle))
    paid: list[dict[int, int]] = [{} for _ in modes]
    for route in routes:
        amount = route.least + net.room[route.arcs[0] ^ 1]
        if amount:
            paid[route.mode][route.fund] = amount
    return paid


def _blame(modes: Sequence[Mode], reached: set[Node]) -> Unpayable:
    """The orders on the near side of the saturated cut, and whoever takes a smallest grant from a fund on it."""
    funds = {node[1] for node in reached if node[0] == "fund"} | {node[1] for node in reached if node[0] == "limit"}
    return Unpayable(
        tuple(
            place
            for place, mode in enumerate(modes)
            if ("order", place, 0) in reached or any(grant.least and grant.fund in funds for grant in mode.grants)
        )
    )


def _build(arrays: Arrays, modes: Sequence[Mode]) -> tuple[_Network, list[_Route]]:
    net, routes = _Network(), []
    least_fund, least_enterprise = _least(arrays, modes)
    budget = {
        fund: net.arc(("fund", fund, 0), _SINK, int(arrays.fund_budget[fund]) - least)
        for fund, least in least_fund.items()
    }
    limit: dict[tuple[int, int], int] = {}
    for (fund, enterprise), least in least_enterprise.items():
        if arrays.fund_enterprise_max[fund] != NO_LIMIT:
            limit[fund, enterprise] = net.arc(
                ("limit", fund, enterprise), ("fund", fund, 0), int(arrays.fund_enterprise_max[fund]) - least
            )
    for place, mode in enumerate(modes):
        enterprise = int(arrays.order_enterprise[mode.order])
        start: Node = ("order", place, 0)
        net.out.setdefault(start, [])
        ceiling = None
        if any(arrays.fund_public[grant.fund] for grant in mode.grants):
            taken = sum(grant.least for grant in mode.grants if arrays.fund_public[grant.fund])
            ceiling = net.arc(start, ("public", place, 0), mode.public_most - taken)
        for grant in mode.grants:
            public = bool(arrays.fund_public[grant.fund])
            limited = (grant.fund, enterprise) in limit
            arc = net.arc(
                ("public", place, 0) if public else start,
                ("limit", grant.fund, enterprise) if limited else ("fund", grant.fund, 0),
                grant.most - grant.least,
                int(arrays.fund_cost[grant.fund]),
            )
            through = [arc, budget[grant.fund]]
            through += [limit[grant.fund, enterprise]] if limited else []
            through += [ceiling] if public and ceiling is not None else []
            routes.append(_Route(place, grant.fund, grant.least, tuple(through)))
    return net, routes


def _least(arrays: Arrays, modes: Sequence[Mode]) -> tuple[dict[int, int], dict[tuple[int, int], int]]:
    """What the smallest grants alone draw, by fund and by fund and enterprise."""
    fund: dict[int, int] = {}
    enterprise: dict[tuple[int, int], int] = {}
    for mode in modes:
        for grant in mode.grants:
            key = grant.fund, int(arrays.order_enterprise[mode.order])
            fund[grant.fund] = fund.get(grant.fund, 0) + grant.least
            enterprise[key] = enterprise.get(key, 0) + grant.least
    return fund, enterprise


def _smallest_grants_overdraw(arrays: Arrays, modes: Sequence[Mode]) -> Unpayable | None:
    by_fund, by_enterprise = _least(arrays, modes)
    for place, mode in enumerate(modes):
        if sum(grant.least for grant in mode.grants) > mode.need:
            return Unpayable((place,))
    for fund, least in by_fund.items():
        if least > arrays.fund_budget[fund]:
            return Unpayable(
                tuple(
                    i
                    for i, mode in enumerate(modes)
                    if any(grant.fund == fund and grant.least for grant in mode.grants)
                )
            )
    for (fund, enterprise), least in by_enterprise.items():
        if arrays.fund_enterprise_max[fund] != NO_LIMIT and least > arrays.fund_enterprise_max[fund]:
            return Unpayable(
                tuple(
                    i
                    for i, mode in enumerate(modes)
                    if arrays.order_enterprise[mode.order] == enterprise
                    and any(grant.fund == fund and grant.least for grant in mode.grants)
                )
            )
    return None
