"""All rows, in the order in which they are measured and shown."""
from bench.rows import calls, commits, exchange, fastify, growth, overload, parse, postgres, replicas, search, slots, watch

ROWS = [*calls.ROWS, *commits.ROWS, *watch.ROWS, *fastify.ROWS, *postgres.ROWS, *replicas.ROWS, *overload.ROWS, *growth.ROWS, *exchange.ROWS, *slots.ROWS, *search.ROWS,
        *parse.ROWS]
FULL_ROWS = [*ROWS[:-1], *growth.FULL_ROWS, ROWS[-1]]
