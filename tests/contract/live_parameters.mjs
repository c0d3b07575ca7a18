// Values at the edges of every query parameter, sent to a live system (live_system.mjs): what the schema allows is taken, and
// what it does not is refused by the parameter's name.
import assert from "node:assert/strict";
import test from "node:test";
import { asSchemaType } from "./answer.mjs";
import { document, faults, operations } from "./document.mjs";
import { liveIds, livePath, send } from "./live_system.mjs";

const nobody = "00000000-0000-4000-8000-000000000000";
const name = { taken: ["a", "z", "0", "9", "_", "-", "accounts", "0-a_z", "a".repeat(64)], refused: ["", "A", "Accounts", "a.b", "a b", "a/b", "a,b", "ä", " a"] };
const oneOf = { taken: [], refused: ["", "Active", "active ", "*", "a,b"] };
const duration = { taken: ["0001h", "60m", "3600s", "3600000ms", "8784h", "31622400000ms"], refused: ["", "1", "h", "1d", "1H", "-1s", "+1s", "1.5s", "1 s", " 1s", "1s "], beyond: ["8785h", "99999999999999999h"] };

/** By component: values that are taken, values that the schema rules out, and those that only its description does. */
const edges = {
  PageSize: { taken: ["0", "1", "1000", "1001", "2147483647"], refused: ["", "-1", "+1", "1.5", "0x10", "ten", "1 ", "1e3"] },
  // Any other token of these characters is not ours, which no schema tells.
  PageToken: { taken: [""], refused: [" ", "a b", "ä", "a/b", "a="], beyond: ["p2", "p1.1.2.3", "~"] },
  IncludeDeleted: { taken: ["true", "false"], refused: ["", "yes", "1", "0", "TRUE", "null"] },
  ProviderFilter: oneOf,
  StreamFilter: name,
  ConnectionFilter: { taken: [nobody], refused: ["", "me", nobody.slice(1), `${nobody}0`, nobody.replaceAll("-", ""), `{${nobody}}`] },
  ChangedSince: {
    taken: ["2026-11-01T00:00:00Z", "2026-11-01T00:00:00.123456Z", "2026-11-01T23:59:59+14:00", "1970-01-01T00:00:00Z", "2024-02-29T12:00:00-00:30"],
    refused: ["", "2026-11-01", "2026-11-01T00:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-01T25:00:00Z", "1793500800", "yesterday"],
  },
  OrderBy: { taken: [], refused: ["", "name", "id asc", "id  desc", "ID", "changed_at,id"] },
  MaxAge: duration,
  Wait: { taken: ["0s", "1ms", "25s", "25000ms", "025s"], refused: duration.refused, beyond: ["25001ms", "26s", "1m", "1h"] },
  OnStale: { taken: [], refused: ["", "Serve", "wait"] },
  ProfileStatusFilter: oneOf,
  AccountStatusFilter: oneOf,
  CustomerTypeFilter: oneOf,
  AccountTypeFilter: oneOf,
  SubAccountTypeFilter: oneOf,
  AccountGroupTypeFilter: oneOf,
  AsOf: { taken: [], refused: ["", "now", "yesterday", " 1", "2026-11-01 00:00:00Z"], beyond: ["-1", "2026-11-01", "1.5", "99999999999999999999"] },
  LinkStateFilter: { taken: [], refused: [...oneOf.refused, "open"] },
  After: { taken: ["0"], refused: ["", "00", "-1", "1", "1-1", "1.9F8E7D6C", "x.9f8e7d6c", "0.9f8e7d6", " 0"], beyond: ["01.9f8e7d6c"] },
  ChangeKindFilter: { taken: [], refused: ["", "profile", "Customer", "customer,account"] },
  ChangeCustomerFilter: { taken: [nobody], refused: ["", "me", nobody.slice(1), nobody.replaceAll("-", "")] },
  ChangeWait: { taken: ["0s", "1ms"], refused: ["", "1", "s", "1m", "-1s", "1.5s", " 1s"], beyond: ["26s", "25001ms"] },
  ActionStateFilter: { taken: [], refused: [...oneOf.refused, "open", "running"] },
  DriftStateFilter: { taken: [], refused: [...oneOf.refused, "closed"] },
};

const queryParameters = Object.entries(document.components.parameters).filter(([, parameter]) => parameter.in === "query");

test("every query parameter has edges, and they are on their sides of its schema", () => {
  assert.deepEqual(Object.keys(edges).sort(), queryParameters.map(([component]) => component).sort());
  const found = [];
  for (const [component, { schema }] of queryParameters) {
    const within = (value) => faults(`/components/parameters/${component}/schema`, asSchemaType(schema, value)).length === 0;
    const { taken, refused, beyond = [] } = edges[component];
    for (const value of [...taken, ...beyond]) if (!within(value)) found.push(`${component} rules out "${value}"`);
    for (const value of refused) if (within(value)) found.push(`${component} allows "${value}"`);
  }
  assert.deepEqual(found, []);
});

/** What a batch must be asked with. */
const batchOf = ({ operation }, path, live) => (operation.operationId.startsWith("batchGet") ? { body: { ids: [live.ids[path.split("/")[2].split(":")[0]]] } } : {});

/** Of the newest commit. */
async function presentCommit(live) {
  const customers = operations.find(({ operation }) => operation.operationId === "listCustomers");
  return (await send(customers, { path: livePath(customers, live) })).fields["tributary-position"].split(".")[0];
}

/** Whether the answer blames this parameter. */
const blames = (answer, parameter) => answer.status === 400 && (JSON.parse(answer.body).errors ?? []).some((fault) => fault.pointer === `/${parameter}`);

test("what a parameter's schema allows is taken, and what it does not is 400 by the parameter's name", async (t) => {
  const live = await liveIds();
  const found = [];
  let count = 0;
  for (const operation of operations) {
    const path = livePath(operation, live);
    for (const [component, parameter] of queryParameters) {
      if (!operation.parameters.includes(parameter)) continue;
      const { taken, refused, beyond = [] } = edges[component];
      // Both say nothing without max_age.
      const beside = ["wait", "on_stale"].includes(parameter.name) && operation.parameters.some(({ name }) => name === "max_age") ? { max_age: "8784h" } : {};
      const ask = async (value) => {
        count += 1;
        return send(operation, { path, query: { ...beside, [parameter.name]: value }, ...batchOf(operation, path, live) });
      };
      const named = (parameter.schema.enum ?? []).map(String);
      // What is there now was not there at any moment that a document could name.
      const moment = component === "AsOf" ? [await presentCommit(live), new Date().toISOString()] : [];
      for (const value of [...taken, ...named, ...moment]) {
        const answer = await ask(value);
        if (answer.status !== 200) found.push(`${operation.key} ${parameter.name}="${value}": ${answer.status} ${answer.body.slice(0, 200)}`);
      }
      for (const value of [...refused, ...beyond]) {
        const answer = await ask(value);
        if (!blames(answer, parameter.name)) found.push(`${operation.key} ${parameter.name}="${value}": ${answer.status} ${answer.body.slice(0, 200)}`);
      }
    }
  }
  t.diagnostic(`${count} requests`);
  assert.deepEqual(found, []);
  assert.ok(count > 1000);
});
