#!/usr/bin/env python3
"""The tests of the suite in containers: run.py [--steady] [TEST...]. ./dev containers test starts what they need."""
import sys

import container_faults_test
import edge_test
import harness
import upgrade_test

# Not those that hold one client's times to another's, which any neighbour on the machine upsets, nor the long upgrade.
STEADY = [*edge_test.CERTIFICATES, *container_faults_test.TESTS]

if __name__ == '__main__':
    if '--steady' in sys.argv:
        sys.argv.remove('--steady')
        harness.main(STEADY)
    harness.main([*edge_test.TESTS, *container_faults_test.TESTS, *upgrade_test.TESTS])
