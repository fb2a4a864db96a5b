"""The importer of policy documents against its limit."""
from bench.measure.process import ROOT, SERVER_CORE, pinned, run_json
from bench.measure.rounds import Row

LIMIT_MS = 20.0


def parse_ms(bench):
    document = ROOT / 'examples' / 'yingkou' / 'plan.txt'
    return run_json(pinned(SERVER_CORE, [bench.binaries / 'policy_parse_benchmark', document]))['median_ms']


ROWS = [Row('parse_20kb', 'ms', 'limit', lambda bench: (lambda: parse_ms(bench), lambda: LIMIT_MS), at_least=1, limit_over_ours=True)]
