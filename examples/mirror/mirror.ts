// Keeps a copy of a tenant's documents in step with the service. README.md says how, and what that relies on.
import { stored, store, type Copy, type Document, type Kind } from "./copy_file.js";
import { answered, Refused, serviceAt, type Schemas } from "./service.js";

const lists = { customer: "/v1/customers", account: "/v1/accounts", sub_account: "/v1/sub-accounts", account_group: "/v1/account-groups", identity_link: "/v1/identity/links" } as const;
const kinds = Object.keys(lists) as Kind[];
const { TRIBUTARY_URL: url = "http://127.0.0.1:8080", TRIBUTARY_API_KEY: key = "", MIRROR_PAGE_SIZE: size = "1000" } = process.env;
const page_size = Number(size);
const file = process.argv[2] ?? "copy.json";
const service = serviceAt(url, key);

/** To read what is true at a position: `as_of` is its commit, and `Min-Position` has it refused if a restore undid that one. */
const at = (position: string) => ({ query: { as_of: position.replace(/[-.].*/, "") }, header: { "Min-Position": position } });

const content = ({ freshness, partial, ...document }: Document & { freshness?: unknown; partial?: unknown }): Document => document;

/** The first copy: every list, all of one moment. */
async function everything(): Promise<Copy> {
  const newest = await service.GET("/v1/customers", { params: { query: { page_size: 1 } } });
  answered(newest);
  const position = newest.response.headers.get("Tributary-Position")!;
  const { query, header } = at(position);
  const documents: Copy["documents"] = { customer: {}, account: {}, sub_account: {}, account_group: {}, identity_link: {} };
  for (const kind of kinds) {
    let page_token: string | undefined;
    do {
      const page = answered(await service.GET(lists[kind], { params: { query: { ...query, page_size, page_token }, header } }));
      for (const document of page.items) documents[kind][document.id] = content(document);
      page_token = page.next_page_token || undefined;
    } while (page_token !== undefined);
  }
  return { position, documents };
}

/** Documents as they are at the position, by their ids. */
async function got(kind: Kind, ids: string[], position: string): Promise<Document[]> {
  const documents: Document[] = [];
  if (kind === "identity_link") {
    for (const id of ids) documents.push(answered(await service.GET("/v1/identity/links/{id}", { params: { ...at(position), path: { id } } })));
    return documents;
  }
  for (let first = 0; first < ids.length; first += page_size) {
    const body = { ids: ids.slice(first, first + page_size) };
    documents.push(...answered(await service.POST(`${lists[kind]}:batchGet`, { params: at(position), body })).items);
  }
  return documents;
}

/** The copy at the end of the feed; waits there for a change. */
async function followed({ position, documents }: Copy): Promise<Copy> {
  // Of each document the last change. Until the feed's end: in between a position may stand in the middle of a commit.
  const changes = new Map<string, Schemas["Change"]>();
  for (let more = true; more; ) {
    const page = answered(await service.GET("/v1/changes", { params: { query: { after: position, wait: "20s", page_size } } }));
    for (const change of page.items) changes.set(change.id, change);
    ({ position, more } = page);
  }
  for (const kind of kinds) {
    const ofKind = [...changes.values()].filter((change) => change.kind === kind);
    const there = ofKind.filter((change) => change.operation !== "removed").map((change) => change.id);
    // A merged customer is removed too: asked for by its id, the one that it became would come.
    for (const change of ofKind) delete documents[kind][change.id];
    for (const document of await got(kind, there, position)) documents[kind][document.id] = content(document);
  }
  return { position, documents };
}

for (let copy = await stored(file); ; ) {
  const before = copy?.position;
  try {
    copy = copy === undefined ? await everything() : await followed(copy);
  } catch (fault) {
    // The position is older than what is kept, or a restore of the database undid it.
    if (!(fault instanceof Refused) || fault.problem.code !== "expired") throw fault;
    console.error(`beginning anew: ${fault.message}`);
    copy = undefined;
    continue;
  }
  if (copy.position === before) continue;
  await store(file, copy);
  console.log(before === undefined ? `copied at ${copy.position}` : `followed to ${copy.position}`);
}
