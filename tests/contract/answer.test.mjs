// What answer.mjs holds to be a fault: a good answer has none, and each way of spoiling it has one.
import assert from "node:assert/strict";
import test from "node:test";
import { answerFaults, namedFaults, optionsFaults } from "./answer.mjs";
import { operations } from "./document.mjs";

const operation = (id) => operations.find((one) => one.operation.operationId === id);
const described = '</openapi.json>; rel="service-desc", </docs>; rel="service-doc"';
const ofEvery = {
  date: "Sun, 22 Nov 2026 09:30:12 GMT",
  "x-request-id": "01J9ZK3T5W8Q",
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  "x-content-type-options": "nosniff",
};
const ofDocuments = { "cache-control": "private, no-cache", vary: "Authorization, Accept", "tributary-position": "1234.9f8e7d6c", etag: 'W/"7.full"' };
const list = JSON.stringify({ items: [], next_page_token: "p2.next", as_of: "2026-11-22T09:30:12.418Z", partial: [], freshness: { sources: [] } });
const problem = (status, code) =>
  JSON.stringify({ type: `/problems/${code}`, title: "Title", status, code, detail: "Sentence.", instance: "/requests/1", trace_id: "4bf92f3577b34da6a3ce929d0e0e4736" });

const page = {
  status: 200,
  fields: { ...ofEvery, ...ofDocuments, "content-type": "application/json", "content-length": String(list.length), link: `</v1/accounts?page_size=1&page_token=p2.next>; rel="next", ${described}` },
  body: list,
};
const unchanged = { status: 304, fields: { ...ofEvery, ...ofDocuments }, body: "" };
const missing = {
  status: 404,
  fields: { ...ofEvery, "content-type": "application/problem+json", "cache-control": "no-store", link: described },
  body: problem(404, "not_found"),
};
const notAllowed = { status: 405, fields: { ...missing.fields, allow: "GET, HEAD, OPTIONS" }, body: problem(405, "method_not_allowed") };
const allowed = { status: 204, fields: { ...ofEvery, allow: "GET, HEAD, OPTIONS" }, body: "" };

const ofList = (answer) => answerFaults(operation("listAccounts"), answer);
const ofOne = (answer) => answerFaults(operation("getAccount"), answer);
const good = [
  ["a page", ofList, page],
  ["the last page", ofList, { ...page, fields: { ...page.fields, link: described }, body: list.replace("p2.next", "") }],
  ["an answer to HEAD", ofList, { ...page, body: "", bodiless: true }],
  ["an echoed tracestate", ofList, { ...page, fields: { ...page.fields, tracestate: "a=b" } }],
  ["a closed connection", ofList, { ...page, fields: { ...page.fields, connection: "close" } }],
  ["304", ofOne, unchanged],
  ["404", ofOne, missing],
  ["405", ofOne, notAllowed],
  ["404 of a path that nothing has", (answer) => namedFaults("NoSuchPage", answer), missing],
  ["204 to OPTIONS", optionsFaults, allowed],
];

for (const [what, judge, answer] of good) {
  test(`no fault: ${what}`, () => assert.deepEqual(judge(answer), []));
}

const withField = (answer, name, value) => ({ ...answer, fields: { ...answer.fields, [name]: value } });
const without = (answer, name) => ({ ...answer, fields: Object.fromEntries(Object.entries(answer.fields).filter(([field]) => field !== name)) });

const spoiled = [
  ["a field that is not documented", ofList, withField(page, "x-powered-by", "Tributary"), /x-powered-by is not documented/],
  ["the same in capitals", ofList, withField(page, "Server", "Tributary"), /Server is not documented/],
  ["a documented field of another response", ofOne, withField(unchanged, "allow", "GET"), /allow is not documented/],
  ["a cookie with a problem", ofOne, withField(missing, "set-cookie", "a=b"), /set-cookie is not documented/],
  ["an undocumented field of 204", optionsFaults, withField(allowed, "access-control-allow-origin", "*"), /not documented/],
  ["a page that anybody may keep", ofList, withField(page, "cache-control", "public, max-age=300"), /Cache-Control/],
  ["a 304 that anybody may keep", ofOne, withField(unchanged, "cache-control", "public"), /Cache-Control/],
  ["a problem that somebody may keep", ofOne, withField(missing, "cache-control", "private, no-cache"), /Cache-Control/],
  ["a problem without Cache-Control", ofOne, without(missing, "cache-control"), /Cache-Control is missing/],
  ["Vary: *", ofList, withField(page, "vary", "*"), /Vary/],
  ["Vary without Authorization", ofList, withField(page, "vary", "Accept"), /Vary/],
  ["a page without Vary", ofList, without(page, "vary"), /Vary is missing/],
  ["a missing request id", ofList, without(page, "x-request-id"), /X-Request-Id is missing/],
  ["a 304 with a body", ofOne, { ...unchanged, body: "{}" }, /a body where none may be/],
  ["a 204 with a body", optionsFaults, { ...allowed, body: "x" }, /a body where none may be/],
  ["a 204 without Allow", optionsFaults, without(allowed, "allow"), /Allow is missing/],
  ["an answer to HEAD with a body", ofList, { ...page, bodiless: true }, /a body where none may be/],
  ["a page with a token and without Link to the next", ofList, withField(page, "link", described), /no Link with rel="next"/],
  ["a Link to another page than the token's", ofList, withField(page, "link", page.fields.link.replace("p2.next", "p2.other")), /differ/],
  ["a last page that links to a next one", ofList, { ...page, body: list.replace("p2.next", "") }, /links to a next one/],
  ["a list without Link to the description", ofList, withField(page, "link", page.fields.link.replace(`, ${described}`, "")), /Link/],
  ["a repeated field of which one is left", ofList, without(page, "link"), /Link is missing/],
  ["a problem without Link", ofOne, without(missing, "link"), /Link is missing/],
  ["a member that is not documented", ofList, { ...page, body: list.replace("{", '{"colour":"red",') }, /additional/],
  ["a code of another status", ofOne, { ...missing, body: problem(404, "conflict") }, /code/],
  ["a status that is not documented", ofOne, { ...missing, status: 402, body: problem(402, "not_found") }, /status/],
  ["a body that is no JSON", ofList, { ...page, body: "<html>" }, /no JSON/],
  ["another media type", ofList, withField(page, "content-type", "text/html"), /media type/],
];

for (const [what, judge, answer, fault] of spoiled) {
  test(`a fault: ${what}`, () => {
    const found = judge(answer);
    assert.ok(found.some((one) => fault.test(one)), JSON.stringify(found));
  });
}
