import { useRef } from "react";
import { FieldError, Input, Label, Text, TextArea, TextField, type TextFieldProps } from "react-aria-components";

export interface Props extends TextFieldProps {
  label: string;
  hint?: string;
  /** Why the value was refused. */
  problem?: string;
  placeholder?: string;
  /** More than one line. */
  rows?: number;
  hideLabel?: boolean;
}

/** A field for text with a label. */
export function Field({ label, hint, problem, placeholder, rows, hideLabel = false, ...props }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  return (
    <TextField className="field" isInvalid={problem !== undefined || undefined} {...props}>
      <Label className={hideLabel ? "visually-hidden" : ""}>{label}</Label>
      {rows ? <TextArea ref={area} rows={rows} placeholder={placeholder} /> : <Input placeholder={placeholder} />}
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="problem">{problem}</FieldError>
    </TextField>
  );
}
