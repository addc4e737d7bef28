import { useDeferredValue, useState } from "react";
import { Button as Aria, Input, Label, SearchField } from "react-aria-components";
import type { Conversation } from "../../api/chat";
import type { Me } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { text } from "../../text";
import { ConnectionsButton } from "./Connections";
import { ConversationList } from "./ConversationList";
import { NewButton } from "./NewButton";
import { OwnStatus } from "./OwnStatus";
import { SearchResults } from "./SearchResults";

interface Props {
  me: Me;
  list: Conversation[] | undefined;
  current: string | undefined;
}

/** The pane with the caller's status, the search and the conversations. */
export function ListPane({ me, list, current }: Props) {
  const [words, setWords] = useState("");
  const wanted = useDeferredValue(words.trim());
  return (
    <section className="pane list-pane" aria-label={text.chat.conversations} data-pane>
      <header className="pane-header">
        <OwnStatus me={me} />
        <ConnectionsButton />
        <NewButton me={me} />
      </header>
      <SearchField className="search" value={words} onChange={setWords}>
        <Label className="visually-hidden">{text.chat.filter}</Label>
        <Icon name="search" size={16} />
        <Input placeholder={text.chat.filter} />
        {words !== "" && (
          <Aria className="remove">
            <Icon name="close" size={14} />
          </Aria>
        )}
      </SearchField>
      {wanted === "" ? (
        <ConversationList me={me} list={list} current={current} />
      ) : (
        <SearchResults me={me} words={wanted} list={list ?? []} done={() => setWords("")} />
      )}
    </section>
  );
}
