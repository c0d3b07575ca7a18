// Holds one answer against what the document says of an operation.
import { document, faults, resolved, step } from "./document.mjs";

/** A text of the query or a field as the type that its schema has; the text itself where it is none of that type. */
export function asSchemaType(schema, text) {
  if (schema.type === "integer" && /^-?[0-9]+$/.test(text)) return Number(text);
  if (schema.type === "boolean" && ["true", "false"].includes(text)) return text === "true";
  return text;
}

// What HTTP itself adds; every other field is documented.
const ofHttp = ["date", "content-length", "content-type", "connection"];

function headerFaults(response, pointer, fields) {
  const found = [];
  const documented = Object.entries(response.headers ?? {});
  for (const [name, reference] of documented) {
    const { value: header, pointer: where } = resolved(reference, `${pointer}/headers${step(name)}`);
    const text = fields[name.toLowerCase()];
    if (text === undefined) {
      if (header.required) found.push(`the field ${name} is missing`);
    } else {
      found.push(...faults(`${where}/schema`, asSchemaType(header.schema, text)).map((fault) => `the field ${name} is "${text}": ${fault}`));
    }
  }
  const known = new Set([...ofHttp, ...documented.map(([name]) => name.toLowerCase())]);
  for (const name of Object.keys(fields)) {
    if (!known.has(name.toLowerCase())) found.push(`the field ${name} is not documented`);
  }
  return found;
}

/** A page that is not the last one links to the next, by the token that its body has; the last one links to none. */
function nextPageFaults(fields, value) {
  if (typeof value?.next_page_token !== "string") return [];
  const link = /<([^>]*)>; rel="next"/.exec(fields.link ?? "")?.[1];
  if (value.next_page_token === "") return link === undefined ? [] : ["the last page links to a next one"];
  if (link === undefined) return ['there is a next page, and no Link with rel="next"'];
  return new URLSearchParams(link.split("?")[1]).get("page_token") === value.next_page_token ? [] : ["Link and next_page_token differ"];
}

function bodyFaults(response, pointer, fields, body) {
  if (response.content === undefined) return body === "" ? [] : ["there is a body where none is documented"];
  const mediaType = (fields["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  if (response.content[mediaType] === undefined) return [`the media type "${mediaType}" is not documented`];
  const schema = `${pointer}/content${step(mediaType)}/schema`;
  if (!mediaType.endsWith("json")) return faults(schema, body);
  let value;
  try {
    value = JSON.parse(body);
  } catch {
    return ["the body is no JSON"];
  }
  return [...faults(schema, value), ...nextPageFaults(fields, value)];
}

/**
 * Faults of an answer {status, fields (names in lower case, repeated ones joined by a comma), body, bodiless} to what a
 * response object at this pointer says. `bodiless` is an answer to HEAD; 204 and 304 always are.
 */
export function responseFaults(response, pointer, answer) {
  const found = headerFaults(response, pointer, answer.fields);
  if (answer.bodiless || [204, 304].includes(answer.status)) {
    return answer.body === "" ? found : [...found, "there is a body where none may be"];
  }
  return [...found, ...bodyFaults(response, pointer, answer.fields, answer.body)];
}

/**
 * Faults of an answer to this operation. `default` stands for the statuses that its schema lists and for no others.
 */
export function answerFaults({ operation, pointer }, answer) {
  const documented = operation.responses[answer.status] ?? operation.responses.default;
  if (documented === undefined) return [`the status ${answer.status} is not documented`];
  const name = operation.responses[answer.status] === undefined ? "default" : answer.status;
  const { value, pointer: where } = resolved(documented, `${pointer}/responses${step(name)}`);
  return responseFaults(value, where, answer).map((fault) => `${answer.status}: ${fault}`);
}

/** Faults of an answer that belongs to no operation, such as to an unknown path, by the name of a response. */
export function namedFaults(name, answer) {
  return responseFaults(document.components.responses[name], `/components/responses/${name}`, answer).map((fault) => `${answer.status}: ${fault}`);
}

const ofEvery = { "X-Request-Id": "RequestId", traceparent: "Traceparent", tracestate: "Tracestate", "X-Content-Type-Options": "NoSniff", Allow: "Allow" };
const methodsTold = { headers: Object.fromEntries(Object.entries(ofEvery).map(([field, name]) => [field, { $ref: `#/components/headers/${name}` }])) };

/** Faults of a 204 to OPTIONS, which the document tells of in its text: no operation has it. */
export function optionsFaults(answer) {
  const without = answer.fields.allow === undefined ? ["the field Allow is missing"] : [];
  return [...without, ...responseFaults(methodsTold, "", answer)].map((fault) => `${answer.status}: ${fault}`);
}
