"""Whether what clients saw of one record can be explained by operations that took effect one at a time, each at some moment between its call and
its answer (Wing and Gong's search, with Lowe's memory of what has been tried). Records are judged one by one: a history of many is linearizable
if each one's is."""
import dataclasses
import math
import typing

NEVER = math.inf


@dataclasses.dataclass(frozen=True)
class Operation:
    """On a register whose values are all different.

    read:   it answered `value`.
    write:  it was to put `value` in the place of `expected`, and was done (`done` True), refused because something else stood there (False), or
            nobody knows (None): then it may have happened at any moment after its call, or not at all, and `answered` is NEVER.
    """
    kind: str
    called: float
    answered: float
    value: typing.Any
    expected: typing.Any = None
    done: typing.Optional[bool] = True

    def apply(self, register):
        """(whether its answer fits a register that holds this, what the register holds then)"""
        if self.kind == 'read':
            return register == self.value, register
        if self.done is None:
            return True, self.value if register == self.expected else register
        if self.done:
            return register == self.expected, self.value
        return register != self.expected, register


def is_linearizable(operations, initial):
    """Tries orders of the operations that respect time until one explains all answers."""
    operations = sorted(operations, key=lambda o: (o.called, o.answered))
    count = len(operations)
    required = 0  # Those that must have happened: all with an answer.
    for index, operation in enumerate(operations):
        if operation.answered != NEVER:
            required |= 1 << index
    tried = set()
    stack = [(0, initial)]
    while stack:
        happened, register = stack.pop()
        if happened & required == required:
            return True
        if (happened, register) in tried:
            continue
        tried.add((happened, register))
        # Next may be any that was called before the first answer among those that have not happened yet.
        first = (~happened & (happened + 1)).bit_length() - 1
        limit = NEVER
        for index in range(first, count):
            operation = operations[index]
            if happened >> index & 1:
                continue
            if operation.called > limit:
                break
            limit = min(limit, operation.answered)
        for index in range(first, count):
            operation = operations[index]
            if happened >> index & 1:
                continue
            if operation.called > limit:
                break
            fits, after = operation.apply(register)
            if fits:
                stack.append((happened | 1 << index, after))
    return False
