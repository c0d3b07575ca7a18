// build_mirror.mjs FOLDER: builds examples/mirror in FOLDER as its reader would, with the packages of these tests.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => JSON.parse(readFileSync(here(path), "utf8"));
const example = "../../examples/mirror";
const folder = process.argv[2];

const wanted = read(`${example}/package.json`);
const ours = read("package.json").dependencies;
for (const [name, version] of Object.entries({ ...wanted.dependencies, ...wanted.devDependencies })) {
  assert.equal(version, ours[name], `examples/mirror/package.json and package.json want another version of ${name}`);
}

cpSync(here(example), folder, { recursive: true, filter: (path) => !/node_modules|compiled|schema\.d\.ts/.test(path.slice(here(example).length)) });
if (!existsSync(join(folder, "node_modules"))) symlinkSync(here("node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "schema.d.ts"), astToString(await openapiTS(read("../../openapi/openapi.json"))));

const compiled = spawnSync(process.execPath, [here("node_modules/typescript/bin/tsc"), "--project", folder], { stdio: "inherit" });
process.exit(compiled.status ?? 1);
