// Spectral's rules for OpenAPI and those of the OWASP API Security Top 10; spectral.yaml says which do not apply, and why.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

test("the document breaks no rule", () => {
  const spectral = here("node_modules/@stoplight/spectral-cli/dist/index.js");
  const run = spawnSync(process.execPath, [spectral, "lint", here("../../openapi/openapi.json"), "--ruleset", here("spectral.yaml"), "--format", "json", "--fail-severity", "hint", "--quiet"], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const found = JSON.parse(run.stdout || "null");
  assert.ok(Array.isArray(found), `Spectral did not run: ${run.stderr}`);
  assert.deepEqual(found.map((fault) => `${fault.range.start.line + 1}: ${fault.code}: ${fault.message}`), []);
  assert.equal(run.status, 0, run.stderr);
});
