#!/usr/bin/env python3
"""The tests of the suite in containers: run.py [TEST...]. ./dev containers test starts what they need."""
import container_faults_test
import edge_test
import harness
import upgrade_test

if __name__ == '__main__':
    harness.main([*edge_test.TESTS, *container_faults_test.TESTS, *upgrade_test.TESTS])
