// Drives a live system with the generated client: list, page, filter, condition, freshness, errors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { allAccounts, tributary } from "./client.js";

interface System {
  url: string;
  key: string;
  connection: string;
}

function told(): System {
  const file = process.env["TRIBUTARY_CONTRACT_SYSTEM"];
  assert.ok(file !== undefined);
  return JSON.parse(readFileSync(file, "utf8")) as System;
}

const system = told();
const client = tributary(system.url, system.key);

test("a walk brings every account once, of one moment", async () => {
  const small = await allAccounts(client, 7);
  const large = await allAccounts(client, 1000);
  assert.deepEqual(small.accounts.map((account) => account.id), large.accounts.map((account) => account.id));
  assert.equal(new Set(small.accounts.map((account) => account.id)).size, small.accounts.length);
  assert.equal(small.moments.size, 1);
});

test("a customer is found in the list, by id and in its overview", async () => {
  const { data: list } = await client.GET("/v1/customers", { params: { query: { page_size: 1000 } } });
  const customer = list?.items.find((one) => one.profiles.length > 1);
  assert.ok(customer !== undefined);
  const { data: same } = await client.GET("/v1/customers/{id}", { params: { path: { id: customer.id } } });
  assert.equal(same?.id, customer.id);
  assert.equal(same?.version, customer.version);
  const { data: overview } = await client.GET("/v1/customers/{id}/overview", { params: { path: { id: customer.id } } });
  const held = new Set(customer.access.filter((access) => access.kind === "account").map((access) => access.id));
  for (const account of overview?.accounts ?? []) assert.ok(held.has(account.id));
});

test("every answer says how fresh its sources are", async () => {
  const { data } = await client.GET("/v1/accounts", { params: { query: { page_size: 1000 } } });
  const source = data?.items.find((account) => account.provider === "tastytrade")?.freshness.sources[0];
  assert.ok(source?.fetched_at !== undefined && Date.parse(source.fetched_at) > 0);
  assert.equal(source.status, "active");
});

test("a filter leaves out what differs, and changed_since what is older", async () => {
  const { data } = await client.GET("/v1/accounts", { params: { query: { provider: "tastytrade", page_size: 1000 } } });
  assert.ok(data !== undefined && data.items.length > 0);
  assert.deepEqual([...new Set(data.items.map((account) => account.provider))], ["tastytrade"]);
  const late = await client.GET("/v1/accounts", { params: { query: { changed_since: "2100-01-01T00:00:00Z" } } });
  assert.deepEqual(late.data?.items, []);
  const ordered = await client.GET("/v1/accounts", { params: { query: { order_by: "changed_at desc", page_size: 1000 } } });
  const times = ordered.data?.items.map((account) => Date.parse(account.changed_at)) ?? [];
  assert.deepEqual(times, [...times].sort((a, b) => b - a));
});

test("many accounts are got by their ids, in the order asked", async () => {
  const { data } = await client.GET("/v1/accounts", { params: { query: { page_size: 3 } } });
  const ids = (data?.items ?? []).map((account) => account.id).reverse();
  const got = await client.POST("/v1/accounts:batchGet", { body: { ids } });
  assert.deepEqual(got.data?.items.map((account) => account.id), ids);
});

test("an unchanged account is not sent again", async () => {
  const { data } = await client.GET("/v1/accounts", { params: { query: { page_size: 1 } } });
  const id = data?.items[0]?.id;
  assert.ok(id !== undefined);
  const first = await client.GET("/v1/accounts/{id}", { params: { path: { id } } });
  const etag = first.response.headers.get("ETag");
  assert.ok(etag !== null);
  const again = await client.GET("/v1/accounts/{id}", { params: { path: { id }, header: { "If-None-Match": etag } }, parseAs: "text" });
  assert.equal(again.response.status, 304);
  assert.equal(again.response.headers.get("ETag"), etag);
});

test("a demand for fresh data is met within the wait, or the answer says that it is stale", async () => {
  const { data } = await client.GET("/v1/accounts", { params: { query: { page_size: 1, provider: "tastytrade" } } });
  const id = data?.items[0]?.id;
  assert.ok(id !== undefined);
  const fresh = await client.GET("/v1/accounts/{id}", { params: { path: { id }, query: { max_age: "1ms", wait: "20s", on_stale: "serve" } } });
  assert.equal(typeof fresh.data?.stale, "boolean");
  const failed = await client.GET("/v1/accounts/{id}", { params: { path: { id }, query: { max_age: "0ms", wait: "0s", on_stale: "fail" } } });
  assert.equal(failed.response.status, 503);
  assert.equal(failed.error?.code, "stale_data");
});

test("errors have a code to branch on and a pointer to the fault", async () => {
  const size = await client.GET("/v1/accounts", { params: { query: { page_size: -1 } } });
  assert.equal(size.response.status, 400);
  assert.equal(size.error?.code, "invalid_request");
  assert.equal(size.error?.errors?.[0]?.pointer, "/page_size");
  const missing = await client.GET("/v1/accounts/{id}", { params: { path: { id: "00000000-0000-4000-8000-000000000000" } } });
  assert.equal(missing.error?.code, "not_found");
  const stranger = await tributary(system.url, "trb_nobody").GET("/v1/accounts");
  assert.equal(stranger.response.status, 401);
  assert.equal(stranger.error?.code, "unauthenticated");
  const body = await client.POST("/v1/connections", {
    body: { provider: "nobody", name: "x", environment: "sandbox", base_url: "https://example.com", schedule: "manual", credentials: {} },
  });
  assert.equal(body.error?.code, "invalid_request");
  assert.ok(body.error?.errors?.some((fault) => fault.pointer === "/provider"));
  const page = await fetch(new URL(size.error?.type ?? "", system.url));
  assert.equal(page.status, 200);
});

test("a run is started, followed to its end and found in the list", async () => {
  const started = await client.POST("/v1/connections/{id}/sync", { params: { path: { id: system.connection } } });
  assert.equal(started.response.status, 202);
  let run = started.data;
  const deadline = Date.now() + 120_000;
  while (run !== undefined && (run.state === "queued" || run.state === "running")) {
    assert.ok(Date.now() < deadline, "the run does not end");
    await new Promise((resolve) => setTimeout(resolve, 50));
    run = (await client.GET("/v1/runs/{id}", { params: { path: { id: run.id } } })).data;
  }
  const id = run?.id;
  const { data: runs } = await client.GET("/v1/runs", { params: { query: { connection_id: system.connection } } });
  assert.ok(runs?.items.some((one) => one.id === id));
});
