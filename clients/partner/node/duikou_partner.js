// A partner city's client of Duikou 对口 on Node.js, to take over: it keeps a copy of what another city shares, reconciles it,
// and writes with receipts. Needs `npm ci`; docs/partners.md is the walk.
//   node duikou_partner.js PROTOS EDGE CA CERT KEY PERSON COPY.json pull SERVICE CITY
//   … reconcile SERVICE CITY TYPE…      … call SERVICE METHOD JSON
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const grpc = require('@grpc/grpc-js');
const protobuf = require('protobufjs');

const RETRIED = [grpc.status.UNAVAILABLE, grpc.status.RESOURCE_EXHAUSTED, grpc.status.DEADLINE_EXCEEDED];
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const SHOWN = {longs: String, enums: String};

// All public protos of a folder.
function loadProtos(folder) {
  const {google} = require('protobufjs/google/protobuf/descriptor.json').nested;
  protobuf.common('descriptor', google.nested.protobuf.nested);
  const root = new protobuf.Root();
  root.resolvePath = (_, file) => (protobuf.common.get(file) ? file : path.resolve(folder, file));
  const files = fs.readdirSync(folder, {recursive: true}).filter((file) => file.endsWith('.proto'));
  return root.loadSync(files, {keepCase: true});
}

// A UUIDv7 (RFC 9562): it sorts by time. The same id again gives the first answer again.
function newRequestId() {
  const bytes = crypto.randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

// The localized message of an error, with its reason and bad fields, and the seconds after which to retry.
function errorsOf(error, protos) {
  const [status] = error.metadata ? error.metadata.get('grpc-status-details-bin') : [];
  const told = {text: error.details || error.message, reason: '', fields: [], delay: 0};
  for (const detail of status ? protos.lookupType('google.rpc.Status').decode(status).details : []) {
    const type = detail.type_url.split('/').pop();
    const value = protos.lookupType(type).decode(detail.value);
    if (type.endsWith('.ErrorInfo')) told.reason = value.reason;
    if (type.endsWith('.LocalizedMessage')) told.text = value.message;
    if (type.endsWith('.BadRequest')) told.fields = value.field_violations.map((v) => `${v.field}: ${v.description}`);
    if (type.endsWith('.RetryInfo')) told.delay = Number(value.retry_delay.seconds) + value.retry_delay.nanos / 1e9;
  }
  return told;
}

class Partner {
  constructor({protos, edge, ca, cert, key, person = '', unit = '', patience = 60}) {
    this.protos = loadProtos(protos);
    this.client = new grpc.Client(edge, grpc.credentials.createSsl(fs.readFileSync(ca), fs.readFileSync(key), fs.readFileSync(cert)));
    Object.assign(this, {person, unit, patience, keys: {}});
  }

  // Calls "duikou.taskregistry.v1.TaskRegistry/CreateTask"; gives the answer and, of a write, its receipt. What is worth it is tried
  // again until `patience` seconds are over: a write is known by its request_id, so it is done once; the error has it, for one who
  // gives it again later.
  async call(service, method, request) {
    const [owner, name] = method.split('/');
    const described = this.protos.lookupService(owner).methods[name].resolve();
    if (described.resolvedRequestType.fields.request_id && !request.request_id) request = {...request, request_id: newRequestId()};
    const bytes = Buffer.from(described.resolvedRequestType.encode(described.resolvedRequestType.fromObject(request)).finish());
    const end = Date.now() + this.patience * 1000;
    for (let pause = 0.2; ; pause = Math.min(2 * pause, 5)) {
      try {
        const {raw, receipt} = await this.once(service, `/${method}`, bytes);
        if (receipt) await this.checkReceipt(service, receipt, bytes, raw);
        return {answer: described.resolvedResponseType.toObject(described.resolvedResponseType.decode(raw), SHOWN), receipt};
      } catch (error) {
        const tooLarge = bytes.length > 4 << 20;  // Which is refused each time.
        if (!RETRIED.includes(error.code) || Date.now() > end || tooLarge) throw Object.assign(error, {requestId: request.request_id});
        await sleep(errorsOf(error, this.protos).delay || pause * (0.5 + Math.random() / 2));
      }
    }
  }

  once(service, method, bytes) {
    const metadata = new grpc.Metadata();
    metadata.set('accept-language', 'zh-CN');
    metadata.set('duikou-service', service);
    if (this.person) metadata.set('on-behalf-of', this.person);
    if (this.unit) metadata.set('acting-unit', this.unit);
    return new Promise((resolve, reject) => {
      let raw;
      const call = this.client.makeUnaryRequest(method, (b) => b, (b) => b, bytes, metadata, {deadline: Date.now() + 20000},
                                                (error, answer) => (error ? reject(error) : (raw = answer)));
      call.on('status', (status) => status.code === 0 && resolve({raw, receipt: status.metadata.get('duikou-receipt-bin')[0]}));
    });
  }

  // Throws unless the service signed for exactly this request and this answer.
  async checkReceipt(service, receipt, request, response) {
    const {receipt: told, key_id: keyId, signature} = this.parse('duikou.log.v1.SignedReceipt', receipt);
    if (!this.keys[keyId]) {
      const {answer} = await this.call(service, 'duikou.log.v1.ChangeLog/GetReceiptKey', {});
      const prefix = Buffer.from('302a300506032b6570032100', 'hex');  // SubjectPublicKeyInfo of Ed25519 (RFC 8410).
      this.keys[answer.key_id] = crypto.createPublicKey({key: Buffer.concat([prefix, answer.public_key]), format: 'der', type: 'spki'});
    }
    const {request_digest: asked, response_digest: answered} = this.parse('duikou.log.v1.Receipt', told);
    const digest = (bytes) => crypto.createHash('sha256').update(bytes).digest();
    if (!this.keys[keyId] || !crypto.verify(null, Buffer.concat([Buffer.from('duikou-receipt\n'), told]), this.keys[keyId], signature) ||
        !digest(request).equals(asked) || !digest(response).equals(answered)) {
      throw new Error('the receipt does not hold for this request and answer');
    }
  }

  parse(type, bytes) {
    return this.protos.lookupType(type).toObject(this.protos.lookupType(type).decode(bytes), SHOWN);
  }
}

// What a city shares, in a file: written whole, then put in place, so that records and cursor are of one moment.
class Copy {
  constructor(partner, file) {
    Object.assign(this, {partner, file});
    this.state = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  }

  part(service, city) {
    return (this.state[`${service} ${city}`] ||= {cursor: '', records: {}});
  }

  // Reads the changes since the last time, to the end; gives how many there were.
  async pull(service, city) {
    const part = this.part(service, city);
    for (let count = 0; ;) {
      const {answer: page} = await this.partner.call(service, 'duikou.log.v1.ChangeLog/ListChanges', {parent: city, cursor: part.cursor, page_size: 500});
      for (const change of page.changes || []) this.apply(part.records, change);
      part.cursor = page.next_cursor;
      count += (page.changes || []).length;
      fs.writeFileSync(`${this.file}.new`, JSON.stringify(this.state), {flush: true});
      fs.renameSync(`${this.file}.new`, this.file);
      if (page.end) return count;
    }
  }

  apply(records, {name, record}) {
    if (!record) {  // DELETED, UNSHARED: with all that is below it, and the attachments of it.
      for (const [held, {message}] of Object.entries(records)) {
        if (held === name || held.startsWith(`${name}/`) || `${message.record}/`.startsWith(`${name}/`)) delete records[held];
      }
      return;
    }
    const type = record.type_url.split('/').pop();
    records[name] = {type, message: this.partner.parse(type, record.value)};
  }

  // 对账: null when the copy is what the city shares of a type ("task"); else what differs. Reads what is new first.
  async differs(service, city, type) {
    for (;;) {
      await this.pull(service, city);
      const {answer: told} = await this.partner.call(service, 'duikou.log.v1.ChangeLog/Reconcile', {parent: city, type, cursor: this.part(service, city).cursor});
      if (told.behind) continue;
      const digest = Buffer.alloc(32);
      const message = type.replace(/(^|_)([a-z])/g, (_, _2, letter) => letter.toUpperCase());
      const held = Object.entries(this.part(service, city).records).filter(([, record]) => record.type.endsWith(`.${message}`));
      for (const [name, {message: {etag}}] of held) {
        crypto.createHash('sha256').update(`${name}\n${etag}\n`).digest().forEach((byte, i) => (digest[i] ^= byte));
      }
      const same = held.length === Number(told.count || 0) && digest.equals(told.digest);
      return same ? null : `${type}: ${held.length} here, ${told.count || 0} there`;
    }
  }
}

async function main(partner, [file, command, service, target, ...rest]) {
  const copy = new Copy(partner, file);
  if (command === 'call') return console.log(JSON.stringify((await partner.call(service, target, JSON.parse(rest[0]))).answer, null, 1));
  if (command === 'pull') return console.log(await copy.pull(service, target));
  const differences = [];
  for (const type of rest) differences.push(await copy.differs(service, target, type));
  const told = differences.filter(Boolean);
  console.log(told.join('\n') || 'the same');
  process.exitCode = told.length ? 1 : 0;
}

module.exports = {Partner, Copy, errorsOf};
if (require.main === module) {
  const [protos, edge, ca, cert, key, person, ...rest] = process.argv.slice(2);
  const partner = new Partner({protos, edge, ca, cert, key, person});
  main(partner, rest).then(() => process.exit(), (error) => {
    const told = errorsOf(error, partner.protos);
    console.error([grpc.status[error.code] || '', told.reason, told.text, ...told.fields, error.requestId ? `request_id=${error.requestId}` : ''].join(' '));
    process.exit(1);
  });
}
