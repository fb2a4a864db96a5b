"""Full-text search and the building of its index, beside SQLite's FTS5 and Xapian: all in one process, in turn; and the match of offers and demands against its limit."""
import subprocess

from bench.measure.bench import say
from bench.measure.process import ROOT, SERVER_CORE, Refused, Skipped, pinned, run_json
from bench.measure.rounds import Row

LISTINGS = ROOT.parent / 'shared' / 'data' / 'listings-zh.tsv'
KINDS = ('two_characters', 'four_characters', 'two_words', 'phrase')
MATCH_LIMIT_MS = 50.0
SHARE_OF_ROUND = 0.25  # Of the rows of one kind each: there are many, and a query is short.


def listings(bench):
    return 1_000_000 if bench.full else 100_000


class Engines:
    """The process in which every engine has all listings, and answers one line of input with one figure."""

    def __init__(self, bench):
        if not LISTINGS.exists():
            raise Skipped(f'the real listings, from which the others are grown, are not at {LISTINGS}')
        say(f'building three indexes of {listings(bench):,} listings …')
        self.process = subprocess.Popen(pinned(SERVER_CORE, [bench.binaries / 'search_benchmark', LISTINGS, listings(bench), bench.folder]),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != 'ready\n':
            self.process.kill()
            raise Refused(f'search_benchmark did not become ready: {self.process.stderr.read().strip()}')

    def figure(self, *words):
        self.process.stdin.write(' '.join(map(str, words)) + '\n')
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line.strip() or float(line) <= 0:
            raise Refused(f'search_benchmark gave no figure for {words}')
        return float(line)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=120)


def sides(peer, what, *more, share=1.0):
    def both(bench):
        engines = bench.keep('search_engines', lambda: Engines(bench))
        seconds = bench.seconds * share
        return (lambda: engines.figure(what, 'index', *more, seconds)), (lambda: engines.figure(what, peer, *more, seconds))
    return both


def match(bench):
    if not LISTINGS.exists():
        raise Skipped(f'the real listings, from which the others are grown, are not at {LISTINGS}')
    folder = bench.folder / 'match'
    folder.mkdir(exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
    return run_json(pinned(SERVER_CORE, [bench.binaries / 'match_benchmark', LISTINGS, listings(bench), folder]))['median_ms']


def rows():
    for peer, shown, least in (('fts5', 'SQLite FTS5', 30), ('xapian', 'Xapian', 10)):
        yield Row(f'search/{peer}', 'queries/s', shown, sides(peer, 'mix'), at_least=least)
        for kind in KINDS:
            yield Row(f'search_{kind}/{peer}', 'queries/s', shown, sides(peer, 'find', kind, share=SHARE_OF_ROUND), at_least=least)
    yield Row('match20', 'ms', 'limit', lambda bench: (lambda: match(bench), lambda: MATCH_LIMIT_MS), at_least=1, limit_over_ours=True)
    yield Row('index_build/fts5', 'documents/s', 'SQLite FTS5', sides('fts5', 'build'), at_least=4)


ROWS = list(rows())
