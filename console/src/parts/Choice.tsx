import { Button, FieldError, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";

export interface Option {
  id: string;
  label: string;
}

export interface Props {
  label: string;
  options: Option[];
  value: string | undefined;
  onChange: (id: string) => void;
  hideLabel?: boolean;
  isDisabled?: boolean;
  problem?: string;
}

/** One of several options, chosen from a list that opens. */
export function Choice({ label, options, value, onChange, hideLabel = false, isDisabled = false, problem }: Props) {
  return (
    <Select
      className="field"
      isDisabled={isDisabled}
      isInvalid={problem !== undefined}
      value={value ?? null}
      onChange={(key) => key !== null && onChange(String(key))}
    >
      <Label className={hideLabel ? "visually-hidden" : "label"}>{label}</Label>
      <Button className="select">
        <SelectValue />
        <span aria-hidden="true">▾</span>
      </Button>
      <FieldError className="problem">{problem}</FieldError>
      <Popover className="popover">
        <ListBox items={options}>{(option) => <ListBoxItem id={option.id}>{option.label}</ListBoxItem>}</ListBox>
      </Popover>
    </Select>
  );
}
