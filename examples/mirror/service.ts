// The service as its generated client sees it, for somebody who only reads and has time.
import { setTimeout as sleep } from "node:timers/promises";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type Schemas = components["schemas"];

/** What the service refuses for a reason that asking again does not mend; `problem.code` says which. */
export class Refused extends Error {
  constructor(readonly problem: Schemas["Problem"]) {
    super(`${problem.code}: ${problem.detail}`);
  }
}

export function serviceAt(baseUrl: string, key: string) {
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` }, fetch: patiently });
}

/** The answer's body, of which only JSON was asked for; throws Refused where it is a problem. */
export function answered<T>({ data, error }: { data?: T; error?: Schemas["Problem"] }): Exclude<T, string> {
  if (error !== undefined) throw new Refused(error);
  return data as Exclude<T, string>;
}

/** Asks until there is an answer. What only reads may be sent again, whatever became of it the last time. */
async function patiently(request: Request): Promise<Response> {
  for (let longest = 0.2; ; longest = Math.min(2 * longest, 30)) {
    const answer = await asked(request.clone());
    if (typeof answer !== "string" && ![429, 502, 503, 504].includes(answer.status)) return answer;
    console.error(`asking again: ${typeof answer === "string" ? answer : answer.status}`);
    // The pause that the service wants, and some more, so that not all who wait come back at once.
    const wanted = typeof answer === "string" ? 0 : Number(answer.headers.get("Retry-After")) || 0;
    await sleep(1000 * (wanted + longest * Math.random()));
  }
}

/** The answer with its body read to the end, which a service that goes away cuts short; or why there is none. */
async function asked(request: Request): Promise<Response | string> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(60_000) });
    return new Response(await answer.arrayBuffer(), answer);
  } catch (fault) {
    return String(fault);
  }
}
