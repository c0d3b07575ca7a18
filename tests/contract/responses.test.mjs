// Everything that the end-to-end tests were answered (TRIBUTARY_RECORD names the folder of their records), held against the
// document: the operation, its status, its fields, its body.
import assert from "node:assert/strict";
import { createReadStream, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import test from "node:test";
import { answerFaults, namedFaults } from "./answer.mjs";
import { operations, operationsAt } from "./document.mjs";

const folder = process.env.TRIBUTARY_RECORD;
const refusals = [400, 405, 408, 411, 413, 414, 417, 431, 500, 501, 503, 504, 505];

const lowerCase = (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));

/** Faults of one exchange; what it was is counted. */
function exchangeFaults(exchange, seen) {
  const path = exchange.target.split("?")[0];
  const answer = { status: exchange.status, fields: lowerCase(exchange.fields), body: exchange.body, bodiless: exchange.method === "HEAD" || exchange.status === 304 };
  const there = operationsAt(path);
  const asked = there.find((operation) => operation.method === (exchange.method === "HEAD" ? "GET" : exchange.method));
  if (asked !== undefined) {
    seen.set(asked.key, (seen.get(asked.key) ?? 0) + 1);
    return answerFaults(asked, answer);
  }
  if (answer.status === 204 && exchange.method === "OPTIONS") return answer.fields.allow === undefined ? ["204 without Allow"] : [];
  if (answer.status === 404) return namedFaults("NoSuchPage", answer);
  if (answer.status === 400) return namedFaults("BadRequest", answer);
  if (refusals.includes(answer.status)) return namedFaults(answer.status === 500 ? "InternalError" : answer.status === 503 ? "Unavailable" : "Refused", answer);
  // Bytes on a connection of their own may have been a good request.
  return exchange.method === "" ? [] : [`${answer.status} where the document has no operation`];
}

test("every answer of the end-to-end tests is as documented", { skip: folder === undefined && "TRIBUTARY_RECORD is not set" }, async (t) => {
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
  t.diagnostic(`${count} answers, of ${seen.size} of ${operations.length} operations`);
  assert.deepEqual([...found.values()].slice(0, 100), []);
  assert.ok(count > 0, "no answer was recorded");
});
