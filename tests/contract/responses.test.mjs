// Everything that the end-to-end tests and the live examples were answered (TRIBUTARY_RECORD names the folder of their records),
// held against the document: the operation, its status, its fields, its body; and the document against what was met.
import assert from "node:assert/strict";
import { createReadStream, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import test from "node:test";
import { answerFaults, namedFaults, optionsFaults } from "./answer.mjs";
import { operations, operationsAt } from "./document.mjs";

const folder = process.env.TRIBUTARY_RECORD;
const refusals = [400, 405, 408, 411, 413, 414, 417, 431, 500, 501, 503, 504, 505];

const lowerCase = (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));

/** What need not be met here, and why. */
const twoOfOneNumber = "no customer of the sandbox has two objects of one number; a unit test has";
const noneTakesIt = "no provider of the sandbox takes it yet; tests/integration/actions has a bank that does";
const exceptions = {
  "PUT /v1/profiles/{}/preferences 200": noneTakesIt,
  "PUT /v1/profiles/{}/preferences 202": noneTakesIt,
  "POST /v1/profiles/{}/attributes 200": noneTakesIt,
  "POST /v1/profiles/{}/attributes 202": noneTakesIt,
  "DELETE /v1/profiles/{}/attributes/{} 200": noneTakesIt,
  "DELETE /v1/profiles/{}/attributes/{} 202": noneTakesIt,
  "DELETE /v1/profiles/{}/attributes/{} 409": noneTakesIt,
  "POST /v1/account-groups 200": noneTakesIt,
  "POST /v1/account-groups 202": noneTakesIt,
  "POST /v1/account-groups/{}/close 200": noneTakesIt,
  "POST /v1/account-groups/{}/close 202": noneTakesIt,
  "GET /v1/customers/{}/accounts/{} 409": twoOfOneNumber,
  "GET /v1/customers/{}/sub-accounts/{} 409": twoOfOneNumber,
  "GET /v1/customers/{}/account-groups/{} 409": twoOfOneNumber,
  "DELETE /v1/connections/{} 409": "only where its transaction met another one each time it was tried, which no test arranges",
};

/** What somebody who relies on an operation must have been shown at least once. */
const documented = operations.flatMap(({ key, operation }) =>
  Object.keys(operation.responses)
    .filter((status) => /^2\d\d$|^304$|^308$|^409$/.test(status))
    .map((status) => `${key} ${status}`),
);

/** Faults of one exchange; what it was is counted, by operation and status. */
function exchangeFaults(exchange, seen) {
  const path = exchange.target.split("?")[0];
  const isHead = exchange.method === "HEAD";
  const answer = { status: exchange.status, fields: lowerCase(exchange.fields), body: exchange.body, bodiless: isHead };
  const there = operationsAt(path);
  const asked = there.find((operation) => operation.method === (isHead ? "GET" : exchange.method));
  if (asked !== undefined) {
    const met = `${asked.key} ${answer.status}`;
    if (!isHead) seen.set(met, (seen.get(met) ?? 0) + 1);
    return answerFaults(asked, answer);
  }
  if (answer.status === 204 && exchange.method === "OPTIONS") return optionsFaults(answer);
  if (answer.status === 404) return namedFaults("NoSuchPage", answer);
  if (answer.status === 400) return namedFaults("BadRequest", answer);
  if (refusals.includes(answer.status)) return namedFaults(answer.status === 500 ? "InternalError" : answer.status === 503 ? "Unavailable" : "Refused", answer);
  // Bytes on a connection of their own may have been a good request.
  return exchange.method === "" ? [] : [`${answer.status} where the document has no operation`];
}

test("every answer of the end-to-end tests is as documented, and every documented answer was met", { skip: folder === undefined && "TRIBUTARY_RECORD is not set" }, async (t) => {
  const found = new Map();
  const seen = new Map();
  let count = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".jsonl"))) {
    for await (const line of createInterface({ input: createReadStream(`${folder}/${file}`), crlfDelay: Infinity })) {
      const exchange = JSON.parse(line);
      count += 1;
      for (const fault of exchangeFaults(exchange, seen)) {
        const what = `${exchange.method} ${exchange.target.split("?")[0].replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{}")} ${fault}`;
        if (!found.has(what)) found.set(what, `${file}: ${what}`);
      }
    }
  }
  const met = documented.filter((answer) => seen.has(answer));
  const asked = new Set([...seen.keys()].map((answer) => answer.slice(0, answer.lastIndexOf(" "))));
  t.diagnostic(`${count} answers, of ${asked.size} of ${operations.length} operations, ${met.length} of ${documented.length} documented successes, 304, 308 and 409`);
  assert.deepEqual([...found.values()].slice(0, 100), []);
  assert.deepEqual(documented.filter((answer) => !seen.has(answer) && exceptions[answer] === undefined), [], "documented, and never met");
  assert.deepEqual(Object.keys(exceptions).filter((answer) => !documented.includes(answer)), [], "excepted, and not documented");
});
