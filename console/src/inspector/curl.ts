import { type Detail, type Header, mask } from "../api/inspector";

/** Secrets are not in the record: the command takes them from variables of the shell. */
const variables: Record<string, string> = {
  sessiontoken: "$SESSION_TOKEN",
  keymanagertoken: "$KEY_MANAGER_TOKEN",
  authorization: "$AUTHORIZATION",
  cookie: "$COOKIE",
};

/** quoted makes one word for a shell of a text. */
export const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

const leftOut = new Set(["content-length", "accept-encoding", "content-encoding", "x-trace-id", "host"]);

function header({ name, value }: Header): string | undefined {
  const low = name.toLowerCase();
  if (leftOut.has(low)) return undefined;
  const variable = variables[low];
  if (variable && value.includes(mask)) return `-H "${name}: ${variable}"`;
  return `-H ${quoted(`${name}: ${value}`)}`;
}

/** curl returns a call as a command. */
export function curl(call: Detail, pod: string): string {
  const words = ["curl", "-i"];
  if (call.method !== "GET") words.push("-X", /^[A-Z]+$/.test(call.method) ? call.method : quoted(call.method));
  words.push(quoted(new URL(call.path.replace(/^\//, ""), pod).href));
  const form = call.request.form;
  for (const h of call.request.headers) {
    if (form && h.name.toLowerCase() === "content-type") continue; // curl makes the boundary
    const word = header(h);
    if (word) words.push(word);
  }
  for (const field of form ?? []) {
    words.push("-F", quoted(field.file ? `${field.name}=@${field.file}` : `${field.name}=${field.value ?? ""}`));
  }
  if (call.request.body) words.push("--data-raw", quoted(call.request.body));
  return words.join(" ");
}
