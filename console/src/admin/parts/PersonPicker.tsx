import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import {
  Button as AriaButton,
  ComboBox,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Text,
} from "react-aria-components";
import { searchPeople } from "../../api/admin";
import { text } from "../../text";

export interface Props {
  label: string;
  onChoose: (id: number, name: string) => void;
  isDisabled?: boolean;
}

/** A field that finds a person by name. */
export function PersonPicker({ label, onChoose, isDisabled = false }: Props) {
  const [typed, setTyped] = useState("");
  const search = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ["people", "pick", search],
    queryFn: async ({ signal }) => (await searchPeople(search, 0, 20, signal)).users,
    enabled: search !== "",
  });
  return (
    <ComboBox
      className="field"
      isDisabled={isDisabled}
      inputValue={typed}
      onInputChange={setTyped}
      items={typed.trim() === "" ? [] : (found.data ?? [])}
      allowsEmptyCollection={typed.trim() !== ""}
      menuTrigger="input"
      selectedKey={null}
      onSelectionChange={(key) => {
        const chosen = found.data?.find((u) => u.id === key);
        if (!chosen) return;
        onChoose(chosen.id, chosen.displayName);
        setTyped("");
      }}
    >
      <Label className="label">{label}</Label>
      <div className="combo">
        <Input placeholder={text.admin.findPerson} />
        <AriaButton aria-label={label}>▾</AriaButton>
      </div>
      <Popover className="popover">
        <ListBox
          renderEmptyState={() => <p className="soft">{found.isFetching ? text.loading : text.admin.noPerson}</p>}
        >
          {(u: { id: number; displayName: string; username: string }) => (
            <ListBoxItem id={u.id} textValue={u.displayName}>
              <Text slot="label">{u.displayName}</Text> <small className="soft">{u.username}</small>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
