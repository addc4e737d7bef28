import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { Message } from "../../api/chat";
import type { Me } from "../../api/session";
import { sendMessage } from "../../api/upload";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { text } from "../../text";
import { arrived } from "../data/caches";
import { completed, triggerAt } from "./completion";
import { type Mention, toMessageML } from "./compose";
import { AttachButton, FileList, useFiles } from "./files";
import { optionID, Suggestions, useSuggestions } from "./Suggestions";
import { typed } from "./typed";
import { useTyping } from "./useTyping";

/** What is being written: a new message, an answer, or a new version. */
export type Draft = { kind: "new" } | { kind: "reply" | "edit"; message: Message };

interface Props {
  me: Me;
  stream: string;
  name: string;
  draft: Draft;
  done: () => void;
  /** Edits the newest message of one's own. */
  editLast: () => void;
  /** Files that were dropped on the conversation. */
  dropped: File[];
}

/** The field to write a message. Enter sends it. */
export function Composer({ me, stream, name, draft, done, editLast, dropped }: Props) {
  const queries = useQueryClient();
  const area = useRef<HTMLTextAreaElement>(null);
  const began = useMemo(
    () => (draft.kind === "edit" ? typed(draft.message.message, draft.message.data) : { text: "", mentions: [] }),
    [draft],
  );
  const [value, setValue] = useState(began.text);
  const [mentions, setMentions] = useState<Mention[]>(began.mentions);
  const [caret, setCaret] = useState(0);
  const [sending, setSending] = useState(false);
  const [share, setShare] = useState(0);
  const [problem, setProblem] = useState<string>();
  const files = useFiles(dropped);
  const trigger = triggerAt(value, caret);
  const suggestions = useSuggestions(stream, me, trigger);
  const typing = useTyping(stream);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the field grows with what is in it
  useEffect(() => {
    if (!area.current) return;
    area.current.style.height = "auto";
    area.current.style.height = `${Math.min(area.current.scrollHeight, 240)}px`;
  }, [value]);
  useEffect(() => {
    // where there is no pointer, the focus would bring up a keyboard over the messages
    if (draft.kind !== "new" || matchMedia("(hover: hover)").matches) area.current?.focus();
    area.current?.setSelectionRange(area.current.value.length, area.current.value.length);
  }, [draft.kind]);

  const send = async () => {
    if (sending || (value.trim() === "" && files.list.length === 0)) return;
    setSending(true);
    setProblem(undefined);
    try {
      const out = {
        message: toMessageML(value, mentions),
        files: files.list,
        ...(draft.kind === "new" ? {} : { [draft.kind]: draft.message.messageId }),
      };
      const sent = await sendMessage(stream, out, files.list.length > 0 ? setShare : undefined);
      // the answer names no more of the stream than its id
      arrived(queries, me.id, { ...sent, stream: { ...sent.stream, streamId: stream } }, true);
      setValue("");
      setMentions([]);
      files.clear();
      done();
    } catch (error) {
      setProblem((error as Error).message);
    }
    setSending(false);
    setShare(0);
    area.current?.focus();
  };
  const complete = (index: number) => {
    const chosen = suggestions.list[index];
    if (!chosen || !trigger) return;
    const next = completed(value, caret, trigger, chosen.insert);
    const mention = chosen.mention;
    if (mention) setMentions((all) => [...all, mention]);
    setValue(next.text);
    setCaret(next.caret);
    suggestions.close();
    requestAnimationFrame(() => area.current?.setSelectionRange(next.caret, next.caret));
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || suggestions.press(event, complete)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && draft.kind !== "new") {
      done();
    } else if (event.key === "ArrowUp" && value === "" && draft.kind === "new") {
      event.preventDefault();
      editLast();
    }
  };
  const says = text.chat.composer;
  const open = suggestions.list.length > 0;
  return (
    <div className="composer" data-pane>
      {draft.kind !== "new" && (
        <div className="drafting">
          <span>{draft.kind === "edit" ? says.editing : says.replying(draft.message.user.displayName)}</span>
          <Button look="quiet" icon aria-label={says.stop} onPress={done}>
            <Icon name="close" size={16} />
          </Button>
        </div>
      )}
      {problem && <Banner kind="bad">{problem}</Banner>}
      {files.problem && <Banner kind="bad">{files.problem}</Banner>}
      <FileList list={files.list} onRemove={files.remove} />
      {sending && share > 0 && <progress aria-label={says.uploading} value={share} />}
      <div className="writing">
        {open && <Suggestions label={says.suggestions} {...suggestions} choose={complete} />}
        <AttachButton add={files.add} />
        <textarea
          ref={area}
          data-pane-focus
          rows={1}
          aria-label={says.label(name)}
          aria-autocomplete="list"
          aria-controls={open ? "suggestions" : undefined}
          aria-activedescendant={open ? optionID(suggestions.at) : undefined}
          placeholder={says.placeholder}
          title={says.hint}
          value={value}
          onChange={(event) => {
            setValue(event.target.value);
            setCaret(event.target.selectionStart);
            suggestions.reopen();
            if (event.target.value !== "") typing();
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={press}
          onPaste={(event) => {
            const pasted = [...event.clipboardData.files];
            if (pasted.length === 0) return;
            event.preventDefault();
            files.add(pasted);
          }}
        />
        <Button
          look="primary"
          icon
          aria-label={draft.kind === "edit" ? says.save : says.send}
          isDisabled={sending}
          onPress={send}
        >
          <Icon name={draft.kind === "edit" ? "check" : "send"} />
        </Button>
      </div>
    </div>
  );
}
