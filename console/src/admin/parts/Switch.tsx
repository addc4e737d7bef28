import { Switch as Aria } from "react-aria-components";

export interface Props {
  label: string;
  hint?: string;
  on: boolean;
  isDisabled?: boolean;
  onChange: (on: boolean) => void;
}

/** Something that is on or off. */
export function Switch({ label, hint, on, isDisabled = false, onChange }: Props) {
  return (
    <Aria className="switch" isSelected={on} isDisabled={isDisabled} onChange={onChange}>
      <span className="track" aria-hidden="true" />
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </Aria>
  );
}
