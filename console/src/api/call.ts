// Calls of the pod's operations. The session is in a cookie that scripts cannot read; the header
// Podium-Console tells the pod that the request comes from this page.

/** The pod's address: the console is one folder below it. */
const pod = new URL("../", document.baseURI);

/** Refused is an answer with an error, or none (status 0: the pod cannot be reached). */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly body: unknown = undefined,
  ) {
    super(message);
  }
}

/** A parameter of a query; undefined ones are left out. */
export type Query = Record<string, string | number | boolean | undefined>;

export interface Request {
  query?: Query;
  /** A JSON body. */
  body?: unknown;
  /** A multipart body. */
  form?: FormData;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

let ended = () => {};

/** onEnded sets what happens when the pod says that the session is over. */
export function onEnded(then: () => void) {
  ended = then;
}

export function addressOf(path: string, query: Query = {}): URL {
  const address = new URL(path.replace(/^\//, ""), pod);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.set(name, String(value));
  }
  return address;
}

/** send sends a request and returns the answer, whatever its status. */
export async function send(method: string, path: string, r: Request = {}): Promise<Response> {
  const headers: Record<string, string> = { "Podium-Console": "1", Accept: "application/json", ...r.headers };
  let body: BodyInit | undefined = r.form;
  if (r.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(r.body);
  }
  try {
    const signal = r.signal ?? null;
    return await fetch(addressOf(path, r.query), {
      method,
      headers,
      body: body ?? null,
      signal,
      credentials: "same-origin",
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refused(0, "The pod cannot be reached.");
  }
}

/** call performs an operation and returns its answer's JSON; undefined for an empty answer. */
export async function call<T>(method: string, path: string, r: Request = {}): Promise<T> {
  const answer = await send(method, path, r);
  if (!answer.ok) throw await refusal(answer, path);
  const text = await answer.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** refusal turns an answer with an error status into a Refused. */
export async function refusal(answer: Response, path: string): Promise<Refused> {
  const text = await answer.text();
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // an answer of something between the page and the pod
  }
  if (answer.status === 401 && !path.startsWith("/podium/v1/signin")) ended();
  const message = (body as { message?: unknown } | null)?.message;
  return new Refused(answer.status, typeof message === "string" ? message : `The pod answered ${answer.status}.`, body);
}
