"""`duikou plan parse --json` against the labelled documents, where these are beside the checkout: each figure at least 0.97."""
import os
import subprocess
import sys

import harness

POLICY = harness.ROOT.parent / 'shared' / 'data' / 'policy'


def main():
    if not (POLICY / 'score.py').exists():
        print('the labelled documents are not here')
        sys.exit(77)
    command = f'{harness.BIN / "duikou"} plan parse {{}} --json'
    done = subprocess.run(['python3', str(POLICY / 'score.py'), command], capture_output=True, text=True, check=True, env={**os.environ})
    print(done.stdout, done.stderr)
    total = next(line.split() for line in done.stdout.splitlines() if line.startswith('TOTAL'))
    recall, lead, responsible = (float(x) for x in total[3:6])
    assert min(recall, lead, responsible) >= 0.97, total


if __name__ == '__main__':
    main()
