// Sends every example of the document to a live system (live_system.mjs), with ids that exist there instead of the documented
// ones, and holds each answer against the document.
import assert from "node:assert/strict";
import test from "node:test";
import { answerFaults } from "./answer.mjs";
import { operations } from "./document.mjs";
import { connectionLike, liveIds, livePath, send, system } from "./live_system.mjs";

const bodyExamples = (operation) => Object.values(operation.operation.requestBody?.content["application/json"]?.examples ?? {}).map((example) => example.value);

/** What must differ from an example for a system that is not the documented one: a path, a body, or both. */
const liveRequests = {
  createConnection: (body) => {
    const real = connectionLike(body);
    assert.ok(real, `no connection has credentials and settings as the example for ${body.provider} has`);
    return { body: { ...body, name: `example ${body.provider}`, environment: real.environment, base_url: real.base_url, schedule: "manual", credentials: real.credentials, ...(body.settings ? { settings: real.settings } : {}) } };
  },
  createLink: (body, live) => ({ body: { ...body, profile_ids: live.unlinked } }),
  repairConnection: (body, live) => {
    const real = connectionLike(body);
    assert.ok(real, "no connection has credentials as the example of a repair has");
    return { path: `/v1/connections/${live.made[real.provider]}`, body: { ...body, credentials: real.credentials } };
  },
  createAccountGroup: (body, live) => ({ body: { ...body, profile_id: live.user } }),
};

/** Every change is a new one. */
let changes = 0;
const keyed = (operation, requests) =>
  operation.parameters.some((p) => p.name === "Idempotency-Key")
    ? requests.map((request) => ({ ...request, fields: { ...request.fields, "Idempotency-Key": `example-${++changes}` } }))
    : requests;

/** Statuses of an example where it cannot be a 2xx. */
const expected = {
  // The object is put aside because it cannot be decoded, and that has not changed.
  reprocessQuarantined: [409],
};

/** Every value that the document names for a parameter. */
const namedValues = ({ schema }) => [...new Set([...(schema.enum ?? []), ...(schema.type === "boolean" ? [true, false] : []), ...(schema.examples ?? [])])].map(String);

/** The requests that one value of a parameter makes. */
async function requestsWith(operation, path, parameter, value) {
  if (parameter.in === "header") return [{ path, fields: { [parameter.name]: value } }];
  if (parameter.name === "page_token") {
    const page = JSON.parse((await send(operation, { path, query: { page_size: 1 } })).body);
    return page.next_page_token === "" ? [] : [{ path, query: { page_size: 1, page_token: page.next_page_token } }];
  }
  if (parameter.name === "as_of") {
    // The example's time may be before anything was known here.
    const position = (await send(operation, { path })).fields["tributary-position"];
    return [{ path, query: { as_of: position.split(".")[0] } }];
  }
  if (["wait", "on_stale"].includes(parameter.name) && operation.parameters.some(({ name }) => name === "max_age")) return [{ path, query: { max_age: "1h", [parameter.name]: value } }];
  return [{ path, query: { [parameter.name]: parameter.name === "connection_id" ? system.connection : value } }];
}

/** Every request that the examples of an operation make. */
async function requestsOf(operation, live) {
  const path = livePath(operation, live);
  const bodies = bodyExamples(operation);
  const { operationId } = operation.operation;
  if (operationId === "receiveWebhook") return [{ path: system.delivery.path, fields: system.delivery.headers, body: system.delivery.body }];
  if (bodies.length > 0) {
    const kind = path.split("/")[2].split(":")[0];
    const change = operationId.startsWith("batchGet") ? () => ({ body: { ids: [live.ids[kind]] } }) : (liveRequests[operationId] ?? ((body) => ({ body })));
    return bodies.map((body) => ({ path, ...change(body, live) }));
  }
  const requests = [{ path }];
  for (const parameter of operation.parameters.filter((p) => p.in !== "path")) {
    for (const value of namedValues(parameter)) requests.push(...(await requestsWith(operation, path, parameter, value)));
  }
  return requests;
}

// What others need must still be there: removals come last, and what reads comes before what writes.
const order = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const here = operations.sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method));

test("every example is answered as documented", async (t) => {
  const live = await liveIds();
  const found = [];
  let count = 0;
  for (const operation of here) {
    for (const request of keyed(operation, await requestsOf(operation, live))) {
      count += 1;
      const answer = await send(operation, request);
      const what = `${operation.key} ${JSON.stringify(request.query ?? {})}`;
      const conditional = request.fields?.["If-None-Match"] !== undefined;
      const good = expected[operation.operation.operationId] ?? (conditional ? [200, 304] : [200, 201, 202]);
      if (!good.includes(answer.status)) found.push(`${what}: ${answer.status} ${answer.body.slice(0, 300)}`);
      found.push(...answerFaults(operation, answer).map((fault) => `${what}: ${fault}`));
      if (operation.operation.operationId === "createConnection" && answer.status === 201) {
        // What follows is done to these, whose removal nobody misses.
        const made = JSON.parse(answer.body);
        live.made[made.provider] = made.id;
        live.ids.connections = made.id;
      }
      if (operation.operation.operationId === "createKey" && answer.status === 201) live.ids.keys = JSON.parse(answer.body).id;
    }
  }
  t.diagnostic(`${count} requests of ${here.length} operations`);
  assert.deepEqual(found, []);
  assert.ok(count > here.length);
});

test("an operation asks for a body where the document says so, and only there", async () => {
  const live = await liveIds();
  const found = [];
  for (const operation of here.filter(({ method, operation }) => method !== "GET" && method !== "DELETE" && operation.operationId !== "receiveWebhook")) {
    // An object that does not exist, so that nothing is done; and neither a body nor what it would be.
    const path = livePath(operation, live).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "00000000-0000-4000-8000-000000000000");
    const answer = await send(operation, { path });
    const needs = operation.operation.requestBody?.required === true;
    if ((answer.status === 415) !== needs) found.push(`${operation.key}: ${answer.status}`);
    found.push(...answerFaults(operation, answer).map((fault) => `${operation.key}: ${fault}`));
  }
  assert.deepEqual(found, []);
});

test("what a key without personal data is shown is masked, and as documented all the same", async () => {
  const live = await liveIds();
  const found = [];
  const kinds = ["customers", "accounts", "sub-accounts", "account-groups"];
  for (const operation of here.filter(({ method, path, operation }) => method === "GET" && kinds.includes(path.split("/")[2]) && operation.security[0].bearer[0] === "read")) {
    const answer = await send(operation, { path: livePath(operation, live), key: system.reader });
    found.push(...answerFaults(operation, answer).map((fault) => `${operation.key}: ${fault}`));
    const body = JSON.parse(answer.body);
    const documents = body.items ?? [body.customer ?? body];
    if (documents.length === 0 || !documents.every((document) => document.masked === true)) found.push(`${operation.key}: not masked`);
  }
  assert.deepEqual(found, []);
});

// A run may end between two requests, and what it wrote is shown from then on.
const tries = 20;

test("every conditional operation answers 304 to who has its answer already", async () => {
  const live = await liveIds();
  const found = [];
  const conditional = here.filter(({ operation }) => operation.responses["304"] !== undefined);
  for (const operation of conditional) {
    const path = livePath(operation, live);
    let again;
    for (let i = 0; i < tries && again?.status !== 304; ++i) {
      const first = await send(operation, { path });
      again = await send(operation, { path, fields: { "If-None-Match": first.fields.etag } });
      if (again.fields.etag === first.fields.etag && again.status !== 304) break;
    }
    if (again.status !== 304) found.push(`${operation.key}: ${again.status}`);
    found.push(...answerFaults(operation, again).map((fault) => `${operation.key}: ${fault}`));
  }
  assert.deepEqual(found, []);
  assert.ok(conditional.length > 10);
});

/** Status and fields without those that differ between any two requests; fetch() closes the connection of a HEAD. */
function lasting({ status, fields }) {
  const names = Object.keys(fields).filter((name) => !["date", "x-request-id", "traceparent", "connection"].includes(name) && !name.startsWith("ratelimit"));
  return { status, ...Object.fromEntries(names.sort().map((name) => [name, fields[name]])) };
}

test("HEAD answers with the status and the fields of GET, without the body", async () => {
  const live = await liveIds();
  const found = [];
  for (const operation of here.filter(({ method, elsewhere }) => method === "GET" && !elsewhere)) {
    const path = livePath(operation, live);
    let before, head, after;
    for (let i = 0; i < tries; ++i) {
      before = lasting(await send(operation, { path }));
      head = await send(operation, { path, method: "HEAD" });
      after = lasting(await send(operation, { path }));
      if (JSON.stringify(before) === JSON.stringify(after)) break;
    }
    assert.equal(before.status, 200, operation.key);
    assert.deepEqual(lasting(head), before, operation.key);
    found.push(...answerFaults(operation, head).map((fault) => `HEAD ${operation.key}: ${fault}`));
  }
  assert.deepEqual(found, []);
});
