// The registry's create, get and list of tasks as a service on Fastify and PostgreSQL: what a good engineer writes in an
// afternoon. One statement a call, prepared by name; a create writes the task and its change in one transaction and answers
// after it is durable. Without identity, rules, numbers and a log line a call, which ours has. Prints its port.
import { randomFillSync } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

const UNIQUE_VIOLATION = '23505';
const PAGE = 50;

// A day stays the text that it is.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL ?? 32) });

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tasks (
    id uuid PRIMARY KEY, request_id uuid NOT NULL UNIQUE, plan text NOT NULL, state text NOT NULL, title text NOT NULL,
    description text NOT NULL, clause jsonb NOT NULL, duties jsonb NOT NULL, due_date date, report_frequency text NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(), update_time timestamptz NOT NULL DEFAULT now());
  CREATE INDEX IF NOT EXISTS tasks_plan ON tasks (plan, id);
  CREATE TABLE IF NOT EXISTS changes (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, time timestamptz NOT NULL DEFAULT now(), kind text NOT NULL,
    actor text NOT NULL, task uuid NOT NULL, record jsonb NOT NULL)`;

const COLUMNS = `id, plan, state, title, description, clause, duties, due_date, report_frequency, create_time, update_time`;

const CREATE = {
  name: 'create',
  text: `WITH task AS (
      INSERT INTO tasks (id, request_id, plan, state, title, description, clause, duties, due_date, report_frequency)
      VALUES ($1, $2, $3, 'DRAFT', $4, $5, $6, $7, $8, $9) RETURNING *),
    change AS (INSERT INTO changes (kind, actor, task, record) SELECT 'CREATED', $10, id, to_jsonb(task) FROM task)
    SELECT ${COLUMNS} FROM task`,
};
const FIND_REQUEST = { name: 'find_request', text: `SELECT ${COLUMNS} FROM tasks WHERE request_id = $1` };
const GET = { name: 'get', text: `SELECT ${COLUMNS} FROM tasks WHERE id = $1` };
const LIST = { name: 'list', text: `SELECT ${COLUMNS} FROM tasks WHERE plan = $1 AND id > $2 ORDER BY id LIMIT $3` };

const uuid = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' };
const text = (maxLength) => ({ type: 'string', maxLength });
const fields = {
  plan: text(200),
  title: text(200),
  description: text(20000),
  clause: {
    type: 'object',
    properties: { path: text(60), headings: { type: 'array', maxItems: 8, items: text(200) } },
  },
  duties: {
    type: 'array',
    maxItems: 400,
    items: {
      type: 'object',
      required: ['kind', 'unit'],
      properties: { kind: { enum: ['LEAD', 'RESPONSIBLE', 'COOPERATING', 'SUPERVISING'] }, unit: text(200) },
    },
  },
  due_date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
  report_frequency: { enum: ['WEEKLY', 'MONTHLY', 'QUARTERLY', 'STAGE'] },
};
const body = {
  type: 'object',
  required: ['plan', 'title', 'request_id'],
  properties: { ...fields, request_id: uuid },
};
const task = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    state: { type: 'string' },
    ...fields,
    create_time: { type: 'string', format: 'date-time' },
    update_time: { type: 'string', format: 'date-time' },
  },
};
const page = {
  type: 'object',
  properties: { tasks: { type: 'array', items: task }, next_page_token: { type: 'string' } },
};

// A UUIDv7: ids that grow with time keep the index's inserts at its end.
const random = Buffer.alloc(10 * 512);
let used = random.length;
function newId() {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const hex = Date.now().toString(16).padStart(12, '0') + random.toString('hex', used, used + 10);
  used += 10;
  const variant = ((parseInt(hex[16], 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const app = Fastify();

app.post('/tasks', { schema: { body, response: { 200: task } } }, async (request) => {
  const t = request.body;
  const values = [newId(), t.request_id, t.plan, t.title, t.description ?? '', JSON.stringify(t.clause ?? {}),
    JSON.stringify(t.duties ?? []), t.due_date ?? null, t.report_frequency ?? '', 'bench'];
  try {
    return (await pool.query({ ...CREATE, values })).rows[0];
  } catch (error) {
    if (error.code !== UNIQUE_VIOLATION) throw error;
    return (await pool.query({ ...FIND_REQUEST, values: [t.request_id] })).rows[0];
  }
});

app.get('/tasks/:id', { schema: { params: { type: 'object', properties: { id: uuid } }, response: { 200: task } } },
  async (request, reply) => {
    const { rows } = await pool.query({ ...GET, values: [request.params.id] });
    if (rows.length === 0) return reply.code(404).send();
    return rows[0];
  });

app.get('/tasks', {
  schema: {
    querystring: { type: 'object', required: ['plan'], properties: { plan: text(200), page_token: uuid } },
    response: { 200: page },
  },
}, async (request) => {
  const after = request.query.page_token ?? '00000000-0000-0000-0000-000000000000';
  const { rows } = await pool.query({ ...LIST, values: [request.query.plan, after, PAGE + 1] });
  const tasks = rows.slice(0, PAGE);
  return { tasks, next_page_token: rows.length > PAGE ? tasks[PAGE - 1].id : '' };
});

await pool.query(SCHEMA);
await app.listen({ host: '127.0.0.1', port: 0 });
console.log(app.server.address().port);
process.on('SIGTERM', async () => {
  await app.close();
  await pool.end();
});
