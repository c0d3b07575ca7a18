// The copy in a file. A service of your own has a database: there it is one transaction that writes documents and position.
import { open, readFile, rename } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Schemas } from "./service.js";

export type Kind = Schemas["Change"]["kind"];
/** As the service sends it, without `freshness`, which is no part of a document and stands in no feed. */
export type Document = Omit<Schemas["Customer"] | Schemas["Account"] | Schemas["SubAccount"] | Schemas["AccountGroup"] | Schemas["IdentityLinkDocument"], "freshness">;
/** Every document that is not removed, by kind and id, as of the position. */
export type Copy = { position: string; documents: Record<Kind, Record<string, Document>> };

/** What was stored last; nothing where nothing was. */
export async function stored(file: string): Promise<Copy | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Copy;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw fault;
  }
}

/** Documents and position at once: whoever is killed in here, or loses power, finds the former copy or this one. */
export async function store(file: string, copy: Copy): Promise<void> {
  await written(`${file}.next`, "w", JSON.stringify(copy));
  await rename(`${file}.next`, file);
  // The new name is on the disk only when its folder is.
  await written(dirname(resolve(file)), "r");
}

async function written(path: string, flags: "w" | "r", text?: string): Promise<void> {
  const handle = await open(path, flags);
  try {
    if (text !== undefined) await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
