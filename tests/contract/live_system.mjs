// The live system that tests/contract/live_test.cpp started: what is there, and how it is asked. What it answers is written
// down beside what the end-to-end programs were answered, for contract_responses.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { operations } from "./document.mjs";

/** $TRIBUTARY_CONTRACT_SYSTEM names the file that tells of it. */
export const system = JSON.parse(readFileSync(process.env.TRIBUTARY_CONTRACT_SYSTEM, "utf8"));

const folder = process.env.TRIBUTARY_RECORD;
const record = folder && `${folder}/${basename(process.argv[1], ".mjs")}.jsonl`;
if (record) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(record, "");
}

/** Asks the operation; its answer as answer.mjs takes it. `method` where it is not the operation's own. */
export async function send(operation, { path, query = {}, fields = {}, body, key = system.key, method = operation.method }) {
  const words = new URLSearchParams(query).toString();
  const target = words === "" ? path : `${path}?${words}`;
  const known = operation.operation.security.length > 0 ? { Authorization: `Bearer ${key}` } : {};
  const labelled = body === undefined || Object.keys(fields).some((name) => name.toLowerCase() === "content-type");
  const content = labelled ? {} : { "Content-Type": "application/json" };
  const response = await fetch(`${operation.elsewhere ? system.admin_url : system.url}${target}`, {
    method,
    headers: { ...known, ...content, ...fields },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    redirect: "manual",
  });
  const answer = { status: response.status, fields: Object.fromEntries(response.headers), body: await response.text(), bodiless: method === "HEAD" };
  if (record) {
    const { status, fields, body } = answer;
    appendFileSync(record, `${JSON.stringify({ method, target, status, fields, body })}\n`);
  }
  return answer;
}

export const byId = Object.fromEntries(operations.map((operation) => [operation.operation.operationId, operation]));
const parsed = async (id, path) => JSON.parse((await send(byId[id], { path })).body);

const linkOf = async (profile_ids) => JSON.parse((await send(byId.createLink, { path: "/v1/identity/links", body: { profile_ids } })).body).link.id;

/** Ids of the live system, in the places where the document has some. */
export async function liveIds() {
  const customers = (await parsed("listCustomers", "/v1/customers?page_size=1000")).items;
  const first = async (id, path) => (await parsed(id, path)).items[0]?.id;
  // Somebody with something of everything is rare; each list of a customer is asked of one who has it.
  const holder = (kind) => customers.find((customer) => customer.access.some((access) => access.kind === kind));
  // Two pairs to decide about: one that is linked, and one about which nobody said anything.
  const alone = customers.filter((customer) => customer.profiles.length === 1).slice(-4).map((customer) => customer.profiles[0].id);
  return {
    customers,
    unlinked: alone.slice(2),
    holders: { accounts: holder("account"), "sub-accounts": holder("sub_account"), "account-groups": holder("account_group") },
    user: customers.flatMap((customer) => customer.profiles).find((profile) => profile.provider === "upvest").id,
    // Those that the tests made, by provider.
    made: {},
    ids: {
      customers: customers.find((customer) => customer.profiles.length > 1).id,
      accounts: await first("listAccounts", "/v1/accounts?page_size=1"),
      "sub-accounts": await first("listSubAccounts", "/v1/sub-accounts?page_size=1"),
      "account-groups": await first("listAccountGroups", "/v1/account-groups?page_size=1"),
      profiles: system.profile.id,
      actions: await first("listActions", "/v1/actions?page_size=1"),
      connections: system.connection,
      runs: await first("listRuns", "/v1/runs?page_size=1"),
      drift: await first("listDrift", "/v1/drift?page_size=1"),
      identity: await linkOf(alone.slice(0, 2)),
      quarantine: await first("listQuarantine", "/v1/quarantine?page_size=1"),
    },
  };
}

/** The path with live ids. */
export function livePath(operation, live) {
  const [, , kind, , part] = operation.path.split("/");
  const example = Object.fromEntries(operation.parameters.filter((p) => p.in === "path").map((p) => [p.name, p.example]));
  let id = live.ids[kind] ?? example.id;
  if (kind === "customers" && live.holders[part] !== undefined) id = live.holders[part].id;
  if (part === "proposal") id = operation.path.endsWith("reject") ? system.proposals[1] : system.proposals[0];
  const number = part === "attributes" ? system.profile.attribute : live.holders[part]?.access.find((access) => access.kind === part.replace("-", "_").replace(/s$/, ""))?.id;
  return operation.path.replace("{id}", id).replace("{number}", number ?? example.number).replace("{provider}", example.provider).replace("{file}", example.file).replace("{code}", example.code);
}

const names = (members) => Object.keys(members ?? {}).sort().join(" ");

/** The sandbox's connection whose credentials and settings have the names of this body's. A repair names no provider, and only the settings that it changes. */
export function connectionLike(body) {
  const isRepair = body.provider === undefined;
  return system.connections.find(
    (one) => names(one.credentials) === names(body.credentials) && (isRepair || (one.provider === body.provider && names(one.settings) === names(body.settings))),
  );
}
