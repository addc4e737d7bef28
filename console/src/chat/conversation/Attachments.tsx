import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { refusal, send } from "../../api/call";
import { type Attachment, attachmentPath, type Message } from "../../api/chat";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { save } from "../../parts/save";
import { text } from "../../text";
import { size } from "../sizes";

/** The files of a message: previews of pictures, and a button for each file. */
export function Attachments({ stream, message }: { stream: string; message: Message }) {
  return (
    <ul className="attachments" aria-label={text.chat.attachment.list}>
      {message.attachments?.map((file) => (
        <li key={file.id}>
          <File stream={stream} message={message.messageId} file={file} />
        </li>
      ))}
    </ul>
  );
}

const shownTypes: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
};
const typeOf = (name: string) => shownTypes[name.split(".").at(-1)?.toLowerCase() ?? ""];

function File({ stream, message, file }: { stream: string; message: string; file: Attachment }) {
  const [state, setState] = useState<"idle" | "loading" | "failed">("idle");
  const download = async () => {
    setState("loading");
    try {
      save(file.name, await read(stream, message, file.id, "application/octet-stream"));
      setState("idle");
    } catch {
      setState("failed");
    }
  };
  const preview = file.images[0];
  return (
    <div className="attachment">
      {preview && <Preview stream={stream} message={message} file={file} id={preview.id} onOpen={download} />}
      <Button look="quiet" className="file" onPress={download}>
        <Icon name={state === "loading" ? "download" : "file"} size={18} />
        <span className="what">
          <span className="visually-hidden">{text.chat.attachment.download} </span>
          <span className="name">{file.name}</span>
          <small>{state === "failed" ? text.chat.attachment.failed : size(file.size)}</small>
        </span>
      </Button>
    </div>
  );
}

interface PreviewProps {
  stream: string;
  message: string;
  file: Attachment;
  id: string;
  onOpen: () => void;
}

function Preview({ stream, message, file, id, onOpen }: PreviewProps) {
  const content = useQuery({
    queryKey: ["attachment", id],
    // previews that the pod draws are PNG or JPEG; browsers tell them apart themselves
    queryFn: () => read(stream, message, id, typeOf(file.name) ?? "image/png"),
    gcTime: 60_000,
  });
  const [url, setURL] = useState<string>();
  useEffect(() => {
    if (!content.data) return;
    const made = URL.createObjectURL(content.data);
    setURL(made);
    return () => URL.revokeObjectURL(made);
  }, [content.data]);
  return (
    <button type="button" className="preview" onClick={onOpen}>
      {url ? (
        <img src={url} alt={text.chat.attachment.picture(file.name)} />
      ) : (
        <span className="visually-hidden">{text.chat.attachment.picture(file.name)}</span>
      )}
    </button>
  );
}

/** read returns the content of a file, which the pod answers in Base64. */
async function read(stream: string, message: string, file: string, type: string): Promise<Blob> {
  const path = attachmentPath(stream);
  const answer = await send("GET", path, {
    query: { fileId: file, messageId: message },
    headers: { Accept: "application/octet-stream, application/json" },
  });
  if (!answer.ok) throw await refusal(answer, path);
  const binary = atob((await answer.text()).trim());
  return new Blob([Uint8Array.from(binary, (c) => c.charCodeAt(0))], { type });
}
