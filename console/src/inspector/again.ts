import { send } from "../api/call";
import { type Detail, mask } from "../api/inspector";

/** hindrance says why a call cannot be sent again; undefined: it can. */
export function hindrance(call: Detail): "cut" | "file" | "masked" | "stream" | "unread" | undefined {
  const { body, form, cut } = call.request;
  if (/\/events$/.test(call.path.split("?")[0] ?? "") && call.method === "GET") return "stream";
  if (form?.some((f) => f.file)) return "file";
  if (cut) return "cut";
  if (call.path.includes(mask) || body?.includes(mask) || form?.some((f) => f.value?.includes(mask))) return "masked";
  const empty = !body && !form?.length;
  if (empty && call.request.headers.some((h) => h.name.toLowerCase() === "content-type")) return "unread";
  return undefined;
}

/** isSafe reports whether a method changes nothing. */
export const isSafe = (method: string) => method === "GET" || method === "HEAD";

export interface Answer {
  status: number;
  took: number;
  text: string;
}

/** sendAgain sends a call in the page's own session. */
export async function sendAgain(call: Detail): Promise<Answer> {
  const began = performance.now();
  const { body, form: fields, mediaType } = call.request;
  let form: FormData | undefined;
  if (fields && mediaType === "multipart/form-data") {
    form = new FormData();
    for (const f of fields) form.append(f.name, f.value ?? "");
  }
  const answer = await send(call.method, call.path, { form, body: body ? parsed(body) : undefined });
  return { status: answer.status, took: performance.now() - began, text: await answer.text() };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
