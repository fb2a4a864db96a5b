"""A row of the table, and the rounds that make its figures: both sides in turn, medians of both and of the pairs' ratios."""
import dataclasses
import statistics
import typing

from bench.measure.bench import Bench, say
from bench.measure.process import Disturbed

MOST_AGAIN = 2  # Pairs of a row that may be taken again.


@dataclasses.dataclass(frozen=True)
class Row:
    """What is measured beside what. sides(bench) prepares the row and gives two functions, ours and the peer's, that each
    take one figure. The ratio is ours over the peer's; where a limit in time stands for the peer, the limit over ours."""
    name: str
    unit: str
    peer: typing.Union[str, typing.Callable[[Bench], str]]
    sides: typing.Callable[[Bench], tuple]
    at_least: typing.Optional[float] = None  # The ratio to reach,
    at_most: typing.Optional[float] = None   # or that of our cost over theirs, not to exceed.
    limit_over_ours: bool = False

    @property
    def target(self):
        return self.at_most if self.at_least is None else self.at_least

    def met(self, ratio):
        """None without a target."""
        if self.at_least is not None:
            return ratio >= self.at_least
        return None if self.at_most is None else ratio <= self.at_most


def take_pairs(row, bench, rounds):
    """[(ours, peer), …], and how many pairs were disturbed and taken again."""
    ours_side, peer_side = row.sides(bench)
    pairs, again = [], 0
    while len(pairs) < rounds:
        try:
            pairs.append((ours_side(), peer_side()))
        except Disturbed as reason:
            if again == MOST_AGAIN:
                raise
            again += 1
            say(f'{row.name}: taken again: {reason}')
            continue
        say(f'{row.name} {len(pairs)}/{rounds}: ours {pairs[-1][0]:,.2f}, peer {pairs[-1][1]:,.2f} {row.unit}')
    return pairs, again


def measure(row, bench, rounds):
    """The row's figures in the form of bench/results/latest.json, and a remark to show with them."""
    pairs, again = take_pairs(row, bench, rounds)
    ratios = [peer / ours if row.limit_over_ours else ours / peer for ours, peer in pairs]
    measured = {'name': row.name, 'unit': row.unit, 'ours': round(statistics.median(o for o, _ in pairs), 2),
                'peer': round(statistics.median(p for _, p in pairs), 2),
                'peer_name': row.peer if isinstance(row.peer, str) else row.peer(bench),
                'ratio': round(statistics.median(ratios), 3), 'low': round(min(ratios), 3), 'high': round(max(ratios), 3)}
    if row.target is not None:
        measured['target'] = row.target
    return measured, f'; {again} disturbed pairs taken again' if again else ''
