// The API as a service sees it that was generated a client: every path, parameter and answer here is checked by the compiler.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type Account = components["schemas"]["Account"];
export type Problem = components["schemas"]["Problem"];

/** A client of the service at `url`. */
export function tributary(url: string, key: string) {
  return createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });
}

export type Client = ReturnType<typeof tributary>;

/** Every account, page by page. */
export async function allAccounts(client: Client, pageSize: number): Promise<{ accounts: Account[]; moments: Set<string> }> {
  const accounts: Account[] = [];
  const moments = new Set<string>();
  let token = "";
  do {
    const { data, error } = await client.GET("/v1/accounts", {
      params: { query: { page_size: pageSize, ...(token === "" ? {} : { page_token: token }) } },
    });
    if (data === undefined) throw new Error(error.detail);
    accounts.push(...data.items);
    moments.add(data.as_of);
    token = data.next_page_token;
  } while (token !== "");
  return { accounts, moments };
}
