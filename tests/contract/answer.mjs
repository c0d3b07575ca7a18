// Holds one answer against what the document says of an operation.
import { document, faults, resolved, step } from "./document.mjs";

const asSchemaType = (schema, text) => (schema.type === "integer" ? Number(text) : text);

function headerFaults(response, pointer, fields) {
  const found = [];
  for (const [name, reference] of Object.entries(response.headers ?? {})) {
    const { value: header, pointer: where } = resolved(reference, `${pointer}/headers${step(name)}`);
    const text = fields[name.toLowerCase()];
    if (text === undefined) {
      if (header.required) found.push(`the field ${name} is missing`);
    } else {
      found.push(...faults(`${where}/schema`, asSchemaType(header.schema, text)).map((fault) => `the field ${name} is "${text}": ${fault}`));
    }
  }
  return found;
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
  return faults(schema, value);
}

function responseFaults(response, pointer, answer) {
  const found = headerFaults(response, pointer, answer.fields);
  return answer.bodiless ? found : [...found, ...bodyFaults(response, pointer, answer.fields, answer.body)];
}

/**
 * Faults of an answer {status, fields (names in lower case), body, bodiless} to this operation. `default` stands for the
 * statuses that its schema lists and for no others.
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
