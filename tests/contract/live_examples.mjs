// Sends every example of the document to a live system, with ids that exist there instead of the documented ones, and holds
// each answer against the document. $TRIBUTARY_CONTRACT_SYSTEM names a file that tells of the system; see
// tests/e2e/contract_test.cpp.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { answerFaults } from "./answer.mjs";
import { operations } from "./document.mjs";

const system = JSON.parse(readFileSync(process.env.TRIBUTARY_CONTRACT_SYSTEM, "utf8"));

async function send(operation, { path, query = {}, fields = {}, body, key = system.key }) {
  const target = `${operation.elsewhere ? system.admin_url : system.url}${path}`;
  const words = new URLSearchParams(query).toString();
  const known = operation.operation.security.length > 0 ? { Authorization: `Bearer ${key}` } : {};
  const labelled = body === undefined || Object.keys(fields).some((name) => name.toLowerCase() === "content-type");
  const content = labelled ? {} : { "Content-Type": "application/json" };
  const response = await fetch(words === "" ? target : `${target}?${words}`, {
    method: operation.method,
    headers: { ...known, ...content, ...fields },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    redirect: "manual",
  });
  const text = await response.text();
  return { status: response.status, fields: Object.fromEntries(response.headers), body: text, bodiless: response.status === 304 };
}

const byId = Object.fromEntries(operations.map((operation) => [operation.operation.operationId, operation]));
const parsed = async (id, path) => JSON.parse((await send(byId[id], { path })).body);

/** Ids of the live system, in the places where the document has some. */
async function liveIds() {
  const customers = (await parsed("listCustomers", "/v1/customers?page_size=1000")).items;
  const first = async (id, path) => (await parsed(id, path)).items[0]?.id;
  // Somebody with something of everything is rare; each list of a customer is asked of one who has it.
  const holder = (kind) => customers.find((customer) => customer.access.some((access) => access.kind === kind));
  return {
    customers,
    holders: { accounts: holder("account"), "sub-accounts": holder("sub_account"), "account-groups": holder("account_group") },
    ids: {
      customers: customers.find((customer) => customer.profiles.length > 1).id,
      accounts: await first("listAccounts", "/v1/accounts?page_size=1"),
      "sub-accounts": await first("listSubAccounts", "/v1/sub-accounts?page_size=1"),
      "account-groups": await first("listAccountGroups", "/v1/account-groups?page_size=1"),
      connections: system.connection,
      runs: await first("listRuns", "/v1/runs?page_size=1"),
      drift: await first("listDrift", "/v1/drift?page_size=1"),
      quarantine: await first("listQuarantine", "/v1/quarantine?page_size=1"),
    },
  };
}

/** The path with live ids. */
function livePath(operation, live) {
  const [, , kind, , part] = operation.path.split("/");
  const example = Object.fromEntries(operation.parameters.filter((p) => p.in === "path").map((p) => [p.name, p.example]));
  let id = live.ids[kind] ?? example.id;
  if (kind === "customers" && live.holders[part] !== undefined) id = live.holders[part].id;
  if (part === "proposal") id = operation.path.endsWith("reject") ? system.proposals[1] : system.proposals[0];
  const number = live.holders[part]?.access.find((access) => access.kind === part.replace("-", "_").replace(/s$/, ""))?.id;
  return operation.path.replace("{id}", id).replace("{number}", number ?? example.number).replace("{provider}", example.provider).replace("{file}", example.file).replace("{code}", example.code);
}

const bodyExamples = (operation) => Object.values(operation.operation.requestBody?.content["application/json"]?.examples ?? {}).map((example) => example.value);

/** What must differ from an example for a system that is not the documented one. */
const liveBodies = {
  createConnection: (body) => {
    const real = system.connections.find((connection) => connection.provider === body.provider);
    return { ...body, name: `example ${body.provider}`, environment: real.environment, base_url: real.base_url, schedule: "manual", credentials: real.credentials, ...(real.settings ? { settings: real.settings } : {}) };
  },
  repairConnection: (body, live) => ({ ...body, credentials: system.connections.find((connection) => connection.provider === live.made.provider).credentials }),
};

/** Statuses of an example where it cannot be a 2xx. */
const expected = {
  // The object is put aside because it cannot be decoded, and that has not changed.
  reprocessQuarantined: [409],
};

/** Every request that the examples of an operation make. */
async function requestsOf(operation, live) {
  const path = livePath(operation, live);
  const bodies = bodyExamples(operation);
  const { operationId } = operation.operation;
  if (operationId === "receiveWebhook") return [{ path: system.delivery.path, fields: system.delivery.headers, body: system.delivery.body }];
  if (bodies.length > 0) {
    const kind = path.split("/")[2].split(":")[0];
    const change = operationId.startsWith("batchGet") ? () => ({ ids: [live.ids[kind]] }) : (liveBodies[operationId] ?? ((body) => body));
    return bodies.map((body) => ({ path, body: change(body, live) }));
  }
  const requests = [{ path }];
  for (const parameter of operation.parameters.filter((p) => p.in !== "path")) {
    const example = String((parameter.schema.examples ?? parameter.schema.enum)[0]);
    if (parameter.in === "header") requests.push({ path, fields: { [parameter.name]: example } });
    else if (parameter.name === "page_token") {
      const page = JSON.parse((await send(operation, { path, query: { page_size: 1 } })).body);
      if (page.next_page_token !== "") requests.push({ path, query: { page_size: 1, page_token: page.next_page_token } });
    } else if (["wait", "on_stale"].includes(parameter.name)) requests.push({ path, query: { max_age: "1h", [parameter.name]: example } });
    else if (parameter.name === "connection_id") requests.push({ path, query: { connection_id: system.connection } });
    else requests.push({ path, query: { [parameter.name]: example } });
  }
  return requests;
}

// What others need must still be there: removals come last, and what reads comes before what writes.
const order = ["GET", "POST", "PATCH", "DELETE"];
const here = operations.sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method));

test("every example is answered as documented", async (t) => {
  const live = await liveIds();
  const found = [];
  let count = 0;
  for (const operation of here) {
    for (const request of await requestsOf(operation, live)) {
      count += 1;
      const answer = await send(operation, request);
      const what = `${operation.key} ${JSON.stringify(request.query ?? {})}`;
      const conditional = request.fields?.["If-None-Match"] !== undefined;
      const good = expected[operation.operation.operationId] ?? (conditional ? [200, 304] : [200, 201, 202]);
      if (!good.includes(answer.status)) found.push(`${what}: ${answer.status} ${answer.body.slice(0, 300)}`);
      found.push(...answerFaults(operation, answer).map((fault) => `${what}: ${fault}`));
      if (operation.operation.operationId === "createConnection" && answer.status === 201) {
        // What follows is done to this one, whose removal nobody misses.
        live.made = JSON.parse(answer.body);
        live.ids.connections = live.made.id;
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

test("HEAD answers as GET does, without the body", async () => {
  const live = await liveIds();
  for (const operation of here.filter(({ method, elsewhere }) => method === "GET" && !elsewhere)) {
    const path = livePath(operation, live);
    const head = await fetch(`${system.url}${path}`, { method: "HEAD", headers: { Authorization: `Bearer ${system.key}` }, redirect: "manual" });
    assert.ok(head.status < 400, `HEAD ${path}: ${head.status}`);
    assert.equal(await head.text(), "");
  }
});
