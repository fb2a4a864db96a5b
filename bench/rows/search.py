"""Full-text search and the building of its index, beside SQLite's FTS5 and Xapian: all in one process, in turn; and the match of offers and demands against its limit."""
import shutil
import subprocess

from bench.measure.bench import say
from bench.measure.process import ROOT, SERVER_CORE, Refused, Skipped, pin
from bench.measure.rounds import Row

LISTINGS = ROOT.parent / 'shared' / 'data' / 'listings-zh.tsv'
KINDS = ('two_characters', 'four_characters', 'two_words', 'phrase')
MATCH_LIMIT_MS = 50.0
SHARE_OF_ROUND = 0.25  # Of the rows of one kind each: there are many, and a query is short.


def listings(bench):
    return 1_000_000 if bench.full else 100_000


class Prepared:
    """A process that has all listings, and answers one line of input with one figure."""

    def __init__(self, bench, binary, does):
        if not LISTINGS.exists():
            raise Skipped(f'the real listings, from which the others are grown, are not at {LISTINGS}')
        say(f'{does} of {listings(bench):,} listings …')
        self.binary, folder = binary, bench.folder / binary
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self.process = subprocess.Popen([bench.binaries / binary, LISTINGS, str(listings(bench)), folder], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != 'ready\n':
            self.process.kill()
            raise Refused(f'{binary} did not become ready: {self.process.stderr.read().strip()}')
        pin(SERVER_CORE, self.process.pid)  # From now on: it was made ready on both.

    def figure(self, *words):
        try:
            self.process.stdin.write(' '.join(map(str, words)) + '\n')
            self.process.stdin.flush()
        except OSError as error:
            raise Refused(f'{self.binary} has ended: {error}') from None
        line = self.process.stdout.readline()
        if not line.strip() or float(line) <= 0:
            raise Refused(f'{self.binary} gave no figure for {words}')
        return float(line)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=120)


def sides(peer, what, *more, share=1.0):
    def both(bench):
        engines = bench.keep('search_engines', lambda: Prepared(bench, 'search_benchmark', 'building three indexes'))
        seconds = bench.seconds * share
        return (lambda: engines.figure(what, 'index', *more, seconds)), (lambda: engines.figure(what, peer, *more, seconds))
    return both


def match_sides(bench):
    book = bench.keep('match_book', lambda: Prepared(bench, 'match_benchmark', 'filling a store'))
    return lambda: book.figure('match'), lambda: MATCH_LIMIT_MS


def rows():
    for peer, shown, least in (('fts5', 'SQLite FTS5', 30), ('xapian', 'Xapian', 10)):
        yield Row(f'search/{peer}', 'queries/s', shown, sides(peer, 'mix'), at_least=least)
        for kind in KINDS:
            yield Row(f'search_{kind}/{peer}', 'queries/s', shown, sides(peer, 'find', kind, share=SHARE_OF_ROUND), at_least=least)
    yield Row('match20', 'ms', 'limit', match_sides, at_least=1, limit_over_ours=True)
    yield Row('index_build/fts5', 'documents/s', 'SQLite FTS5', sides('fts5', 'build'), at_least=4)


ROWS = list(rows())
