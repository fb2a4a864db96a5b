"""The checker itself: histories whose answer is known."""
import itertools
import random
import unittest

from linearizability import NEVER, Operation, is_linearizable


def read(called, answered, value):
    return Operation('read', called, answered, value)


def write(called, answered, expected, value, done=True):
    return Operation('write', called, answered, value, expected, done)


def by_all_orders(operations, initial):
    """The definition itself, for histories of a few operations."""
    optional = [o for o in operations if o.answered == NEVER]
    required = [o for o in operations if o.answered != NEVER]
    for size in range(len(optional) + 1):
        for happened in itertools.combinations(optional, size):
            for order in itertools.permutations(required + list(happened)):
                if any(later.answered < earlier.called for i, earlier in enumerate(order) for later in order[i + 1:]):
                    continue
                register = initial
                for operation in order:
                    fits, register = operation.apply(register)
                    if not fits:
                        break
                else:
                    return True
    return False


class Linearizability(unittest.TestCase):
    def test_one_after_the_other(self):
        self.assertTrue(is_linearizable([], 0))
        self.assertTrue(is_linearizable([write(0, 1, 0, 'a'), read(2, 3, 'a'), write(4, 5, 0, 'b', False)], 0))

    def test_a_stale_read_is_found(self):
        self.assertFalse(is_linearizable([write(0, 1, 0, 'a'), read(2, 3, 0)], 0))

    def test_a_read_beside_a_write_may_see_either(self):
        for seen in (0, 'a'):
            self.assertTrue(is_linearizable([write(0, 10, 0, 'a'), read(2, 3, seen)], 0))

    def test_what_was_seen_is_not_unseen(self):
        self.assertFalse(is_linearizable([write(0, 10, 0, 'a'), read(2, 3, 'a'), read(4, 5, 0)], 0))

    def test_two_writes_on_one_etag_are_found(self):
        self.assertFalse(is_linearizable([write(0, 3, 0, 'a'), write(1, 4, 0, 'b')], 0))
        self.assertTrue(is_linearizable([write(0, 3, 0, 'a'), write(1, 4, 0, 'b', False)], 0))

    def test_a_refusal_needs_a_reason(self):
        self.assertFalse(is_linearizable([write(0, 1, 0, 'a', False)], 0))

    def test_a_lost_write_is_found(self):
        self.assertFalse(is_linearizable([write(0, 1, 0, 'a'), read(5, 6, 0), write(7, 8, 0, 'b')], 0))

    def test_what_nobody_knows_may_have_happened_or_not_or_later(self):
        unknown = write(0, NEVER, 0, 'a', None)
        self.assertTrue(is_linearizable([unknown, read(1, 2, 0)], 0))
        self.assertTrue(is_linearizable([unknown, read(1, 2, 'a')], 0))
        self.assertTrue(is_linearizable([unknown, read(1, 2, 0), read(3, 4, 'a')], 0))
        self.assertFalse(is_linearizable([unknown, read(1, 2, 'a'), read(3, 4, 0)], 0))
        self.assertFalse(is_linearizable([write(5, NEVER, 0, 'a', None), read(1, 2, 'a')], 0), 'not before it was called')

    def test_agrees_with_the_definition(self):
        dice = random.Random(11)
        answers = {True: 0, False: 0}
        for _ in range(1500):
            operations, values = [], [0, 'a', 'b']
            for fresh in ('a', 'b'):
                called = dice.randint(0, 8)
                done = dice.choice((True, True, False, None))
                answered = NEVER if done is None else called + dice.randint(0, 6)
                operations.append(write(called, answered, dice.choice(values), fresh, done))
            for _ in range(dice.randint(1, 3)):
                called = dice.randint(0, 12)
                operations.append(read(called, called + dice.randint(0, 4), dice.choice(values)))
            expected = by_all_orders(operations, 0)
            answers[expected] += 1
            self.assertEqual(is_linearizable(operations, 0), expected, operations)
        self.assertGreater(min(answers.values()), 100, 'both answers were tried')

    def test_a_long_history(self):
        operations, register, now = [], 0, 0.0
        dice = random.Random(5)
        for step in range(3000):
            now += 1
            if dice.random() < 0.3:
                operations.append(write(now - dice.random() * 4, now + dice.random() * 4, register, step + 1))
                register = step + 1
            else:
                operations.append(read(now - dice.random() * 4, now + dice.random() * 4, register))
        self.assertTrue(is_linearizable(operations, 0))
        operations.append(read(now + 10, now + 11, 1))
        self.assertFalse(is_linearizable(operations, 0))


if __name__ == '__main__':
    unittest.main()
