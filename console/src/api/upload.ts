// Sending messages with files, with its progress: fetch tells none.

import { addressOf, Refused, refusal } from "./call";
import type { Message } from "./chat";

export interface Outgoing {
  /** MessageML. */
  message: string;
  files?: File[];
  /** The message that this one answers. */
  reply?: string;
  /** The message of which this is a new version. */
  edit?: string;
}

/** sendMessage sends a message to a stream. progress is told the share that has been sent, of 1. */
export function sendMessage(stream: string, out: Outgoing, progress?: (share: number) => void): Promise<Message> {
  const sid = encodeURIComponent(stream);
  const path = out.edit
    ? `/agent/v4/stream/${sid}/message/${encodeURIComponent(out.edit)}/update`
    : out.reply
      ? `/podium/v1/stream/${sid}/message/${encodeURIComponent(out.reply)}/reply`
      : `/agent/v4/stream/${sid}/message/create`;
  const form = new FormData();
  form.append("message", out.message);
  for (const file of out.files ?? []) form.append("attachment", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", addressOf(path));
    request.setRequestHeader("Podium-Console", "1");
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress?.(event.loaded / event.total);
    };
    request.onerror = () => reject(new Refused(0, "The pod cannot be reached."));
    request.onload = async () => {
      const answer = new Response(request.responseText, { status: request.status === 204 ? 200 : request.status });
      if (!answer.ok) reject(await refusal(answer, path));
      else resolve(JSON.parse(request.responseText) as Message);
    };
    request.send(form);
  });
}
