// Every example of the document is what its schema says.
import assert from "node:assert/strict";
import test from "node:test";
import { document, faults, operations, resolved, step } from "./document.mjs";

/** Calls see(pointer of the schema, example, where it stands) for every example of a media type or a parameter. */
function eachExample(holder, pointer, see) {
  if (holder.example !== undefined) see(`${pointer}/schema`, holder.example, `${pointer}/example`);
  for (const [name, example] of Object.entries(holder.examples ?? {})) see(`${pointer}/schema`, example.value, `${pointer}/examples/${name}`);
}

function eachContent(holder, pointer, see) {
  for (const [media, content] of Object.entries(holder.content ?? {})) eachExample(content, `${pointer}/content${step(media)}`, see);
}

test("every example of a body, a parameter, a header and a schema is valid", () => {
  const found = [];
  let count = 0;
  const see = (schema, example, where) => {
    count += 1;
    found.push(...faults(schema, example).map((fault) => `${where}: ${fault}`));
  };
  for (const { operation, pointer } of operations) {
    eachContent(operation.requestBody ?? {}, `${pointer}/requestBody`, see);
    for (const [status, reference] of Object.entries(operation.responses)) {
      const { value, pointer: where } = resolved(reference, `${pointer}/responses/${status}`);
      eachContent(value, where, see);
    }
  }
  for (const kind of ["parameters", "headers"]) {
    for (const [name, holder] of Object.entries(document.components[kind])) {
      const pointer = `/components/${kind}/${name}`;
      eachExample(holder, pointer, see);
      for (const example of holder.schema.examples ?? []) see(`${pointer}/schema`, example, `${pointer}/schema/examples`);
    }
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    for (const example of schema.examples ?? []) see(`/components/schemas/${name}`, example, name);
  }
  assert.deepEqual(found, []);
  assert.ok(count > 500, `only ${count} examples were found`);
});

test("every operation that answers or takes a body shows one", () => {
  const bare = [];
  for (const { key, operation } of operations) {
    const success = Object.entries(operation.responses).filter(([status, response]) => status.startsWith("2") && response.content !== undefined);
    for (const content of [...success.map(([, response]) => response.content), operation.requestBody?.content ?? {}].flatMap(Object.values)) {
      if (content.example === undefined && Object.keys(content.examples ?? {}).length === 0) bare.push(key);
    }
  }
  assert.deepEqual(bare, []);
});

test("every object that is not free form is closed, so that a member nobody documented is found", () => {
  const open = [];
  const walk = (schema, where) => {
    if (schema === null || typeof schema !== "object") return;
    if (schema.type === "object" && schema.additionalProperties === undefined && !where.includes("/allOf/")) open.push(where);
    for (const [name, part] of Object.entries(schema)) walk(part, `${where}/${name}`);
  };
  for (const [name, schema] of Object.entries(document.components.schemas)) walk(schema, name);
  assert.deepEqual(open, []);
});

test("the chapter about errors explains every code", () => {
  const explained = [...document.info.description.matchAll(/^\| \[`(\w+)`\]\(\/problems\/(\w+)\) \| \d{3} \|/gm)].map(([, shown, linked]) => (shown === linked ? shown : `${shown} links to ${linked}`));
  assert.deepEqual(explained, document.components.schemas.Problem.properties.code.enum);
});

// The documentation page shows descriptions, and not what stands under `security`.
test("every operation says which scope it needs", () => {
  const silent = operations.filter(({ operation }) => (operation.security ?? []).some(({ bearer = [] }) => bearer.some((scope) => !operation.description.includes(`\`${scope}\``))));
  assert.deepEqual(silent.map(({ key }) => key), []);
});
