// build_client.mjs FOLDER: generates the TypeScript client of the document and compiles what uses it, strictly, into FOLDER.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = process.argv[2];
const generated = join(folder, "generated");
mkdirSync(generated, { recursive: true });

const document = JSON.parse(readFileSync(here("../../openapi/openapi.json"), "utf8"));
writeFileSync(join(generated, "schema.d.ts"), astToString(await openapiTS(document)));

const options = {
  target: "ES2022",
  module: "NodeNext",
  moduleResolution: "NodeNext",
  strict: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  types: ["node"],
  typeRoots: [here("node_modules/@types")],
  rootDirs: [here("client"), generated],
  rootDir: here("client"),
  outDir: join(folder, "compiled"),
};
const files = ["client.ts", "drive.ts"].map((name) => here(`client/${name}`));
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files }));
writeFileSync(join(folder, "package.json"), '{"type": "module"}\n');
// What is compiled finds its packages as its sources do.
if (!existsSync(join(folder, "node_modules"))) symlinkSync(here("node_modules"), join(folder, "node_modules"));

const compiled = spawnSync(process.execPath, [here("node_modules/typescript/bin/tsc"), "--project", join(folder, "tsconfig.json")], { stdio: "inherit" });
process.exit(compiled.status ?? 1);
