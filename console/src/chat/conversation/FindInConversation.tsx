import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { searchMessages } from "../../api/chat";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { text } from "../../text";
import { FoundMessage } from "../FoundMessage";

/** The search in one conversation. */
export function FindInConversation({ stream, onClose }: { stream: string; onClose: () => void }) {
  const [words, setWords] = useState("");
  const wanted = useDeferredValue(words.trim());
  const found = useQuery({
    queryKey: ["search", "messages", wanted, stream],
    queryFn: () => searchMessages(wanted, stream),
    enabled: wanted !== "",
    staleTime: 5_000,
    gcTime: 30_000,
  });
  return (
    <search className="find" aria-label={text.chat.search.inConversation}>
      <div className="find-field">
        <Field
          label={text.chat.search.words}
          hideLabel
          placeholder={text.chat.search.inConversation}
          value={words}
          onChange={setWords}
          autoFocus
        />
        <Button look="quiet" icon aria-label={text.close} onPress={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      {wanted !== "" && (
        <>
          <p role="status" className="hint">
            {found.data ? text.chat.search.found(found.data.length) : text.loading}
          </p>
          <ul className="lines">
            {found.data?.map((m) => (
              <li key={m.messageId}>
                <FoundMessage message={m} />
              </li>
            ))}
          </ul>
        </>
      )}
    </search>
  );
}
