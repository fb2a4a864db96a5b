// Lists tasks page by page and watches changes, as a partner's system on Node.js would. Prints one JSON object.
// Usage: node client.js PROTOS ADDRESS CA TOKEN COUNT
'use strict';
const fs = require('fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [protos, address, ca, token, count] = process.argv.slice(2);
const load = (file) => grpc.loadPackageDefinition(
    loader.loadSync(file, {includeDirs: [protos], keepCase: true, longs: Number, enums: String, defaults: true}));
const duikou = {
  ...load('duikou/taskregistry/v1/registry.proto').duikou.taskregistry.v1,
  log: load('duikou/log/v1/change_log.proto').duikou.log.v1,
};
const credentials = grpc.credentials.createSsl(fs.readFileSync(ca));
const metadata = new grpc.Metadata();
metadata.set('authorization', `Bearer ${token}`);

const registry = new duikou.TaskRegistry(address, credentials);
const log = new duikou.log.ChangeLog(address, credentials);
const listTasks = (request) => new Promise((resolve, reject) => {
  registry.ListTasks(request, metadata, (error, page) => (error ? reject(error) : resolve(page)));
});

async function main() {
  const names = [];
  let page_token = '';
  do {
    const page = await listTasks({parent: 'cities/210800', page_size: 3, order_by: 'number', page_token});
    names.push(...page.tasks.map((task) => task.name));
    page_token = page.next_page_token;
  } while (page_token);
  const watched = [];
  await new Promise((resolve, reject) => {
    const stream = log.Watch({parent: 'cities/210800', cursor: 'begin', types: ['task']}, metadata);
    stream.on('data', (message) => {
      watched.push(...message.changes.map((change) => change.name));
      if (watched.length >= Number(count)) {
        stream.cancel();
        resolve();
      }
    });
    stream.on('error', (error) => (error.code === grpc.status.CANCELLED ? resolve() : reject(error)));
  });
  console.log(JSON.stringify({names, watched}));
  process.exit(0);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
