// The OpenAPI document, and validators for its parts.
import { readFileSync } from "node:fs";
import addFormats from "ajv-formats";
import Ajv2020 from "ajv/dist/2020.js";

export const document = JSON.parse(readFileSync(new URL("../../openapi/openapi.json", import.meta.url), "utf8"));

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
addFormats(ajv);
ajv.addFormat("int32", { type: "number", validate: (n) => Number.isInteger(n) && Math.abs(n) <= 2147483648 });
ajv.addFormat("int64", { type: "number", validate: (n) => Number.isInteger(n) });
ajv.addSchema(document, "openapi");

/** What a value is that may be a reference; with the JSON pointer of where it stands. */
export function resolved(value, pointer) {
  return value?.$ref ? resolved(at(value.$ref.slice(1)), value.$ref.slice(1)) : { value, pointer };
}

function at(pointer) {
  return pointer.split("/").slice(1).reduce((tree, step) => tree[step.replaceAll("~1", "/").replaceAll("~0", "~")], document);
}

export const step = (name) => "/" + String(name).replaceAll("~", "~0").replaceAll("/", "~1");

const validators = new Map();

/** Faults of the value by the schema at the pointer, as sentences. */
export function faults(pointer, value) {
  if (!validators.has(pointer)) validators.set(pointer, ajv.compile({ $ref: `openapi#${encodeURI(pointer)}` }));
  const validate = validators.get(pointer);
  if (validate(value)) return [];
  return validate.errors.map((error) => `${error.instancePath || "(root)"} ${error.message} ${JSON.stringify(error.params)}`);
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Every operation, with its path and the pointers one needs. */
export const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => methods.includes(method))
    .map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation,
      pointer: `/paths${step(path)}${step(method)}`,
      // Of another listener.
      elsewhere: item.servers !== undefined,
      parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((p) => resolved(p).value),
      pattern: new RegExp(`^${path.replace(/[.:]/g, "\\$&").replace(/\{[^}]+\}/g, "([^/]+)")}$`),
      key: `${method.toUpperCase()} ${path.replace(/\{[^}]+\}/g, "{}")}`,
    })),
);

/** Operations on a path as it was asked for; those with fewer placeholders first. */
export function operationsAt(path) {
  const placeholders = (operation) => operation.path.split("{").length;
  const found = operations.filter((operation) => operation.pattern.test(path));
  const least = Math.min(...found.map(placeholders));
  return found.filter((operation) => placeholders(operation) === least);
}
