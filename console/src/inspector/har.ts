import type { Detail, Header, Part } from "../api/inspector";

/** har returns calls as an HTTP Archive (version 1.2), the oldest first. */
export function har(calls: Detail[], pod: string, version: string) {
  return {
    log: {
      version: "1.2",
      creator: { name: "Podium", version },
      entries: [...calls].sort((a, b) => a.timestamp - b.timestamp).map((c) => entry(c, pod)),
    },
  };
}

function entry(call: Detail, pod: string) {
  const url = new URL(call.path.replace(/^\//, ""), pod);
  const took = call.tookMicros / 1000;
  const type = call.answer.mediaType ?? "";
  return {
    startedDateTime: new Date(call.timestamp).toISOString(),
    time: took,
    request: {
      method: call.method,
      url: url.href,
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: pairs(call.request.headers),
      queryString: [...url.searchParams].map(([name, value]) => ({ name, value })),
      ...posted(call.request),
      headersSize: -1,
      bodySize: call.request.size,
    },
    response: {
      status: call.status,
      statusText: "",
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: pairs(call.answer.headers),
      content: { size: call.answer.size, mimeType: type, text: call.answer.body ?? "" },
      redirectURL: "",
      headersSize: -1,
      bodySize: call.answer.size,
    },
    cache: {},
    timings: { send: 0, wait: took, receive: 0 },
    serverIPAddress: "",
    comment: [call.operation, call.username, call.reason].filter(Boolean).join("; "),
    _traceId: call.traceId,
    _operation: call.operation ?? "",
  };
}

const pairs = (headers: Header[]) => headers.map(({ name, value }) => ({ name, value }));

function posted(part: Part) {
  const mimeType = part.mediaType ?? "";
  if (part.form) {
    const params = part.form.map((f) => ({ name: f.name, value: f.value ?? "", ...(f.file && { fileName: f.file }) }));
    return { postData: { mimeType, params, text: "" } };
  }
  return part.body ? { postData: { mimeType, params: [], text: part.body } } : {};
}
