#!/usr/bin/env python3
"""The tests of the suite in containers: run.py [TEST...]. ./dev containers test starts what they need."""
import edge_test
import faults_test
import harness

if __name__ == '__main__':
    harness.main([*edge_test.TESTS, *faults_test.TESTS])
