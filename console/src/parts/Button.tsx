import { Button as Aria, type ButtonProps } from "react-aria-components";

export interface Props extends ButtonProps {
  /** How much the button asks for attention. */
  look?: "plain" | "primary" | "danger" | "quiet";
  /** Only an icon: aria-label says what the button does. */
  icon?: boolean;
}

export function Button({ look = "plain", icon = false, className, ...props }: Props) {
  const names = ["button", look, icon ? "icon" : "", typeof className === "string" ? className : ""];
  return <Aria className={names.filter(Boolean).join(" ")} {...props} />;
}
