import type { Props } from "../../parts/Button";
import { Button } from "../../parts/Button";
import { useDialogs } from "../Dialog";
import { useForm } from "./state";

/** buttonLook returns how a button of a message looks. */
export function buttonLook(e: Element): Pick<Props, "look" | "className"> {
  switch (e.getAttribute("class")) {
    case "primary":
    case null:
      return { look: e.getAttribute("type") === "reset" || e.getAttribute("type") === "cancel" ? "plain" : "primary" };
    case "destructive":
      return { look: "danger" };
    case "primary-link":
      return { look: "quiet", className: "link" };
    case "destructive-link":
      return { look: "quiet", className: "link danger" };
    case "tertiary":
      return { look: "quiet" };
    default:
      return { look: "plain" };
  }
}

/** A button of a form: it sends the form, sets it back, or closes its dialog. */
export function FormButton({ of }: { of: Element }) {
  const form = useForm();
  const { show } = useDialogs();
  const hint = of.getAttribute("data-title");
  const press = () => {
    switch (of.getAttribute("type")) {
      case "reset":
        form?.reset();
        return;
      case "cancel":
        form?.reset();
        show(undefined);
        return;
      default:
        form?.submit(of.getAttribute("name") ?? "", of.getAttribute("data-formnovalidate")?.toLowerCase() === "true");
    }
  };
  return (
    <span className="form-button">
      <Button {...buttonLook(of)} isDisabled={!form || form.closed} onPress={press}>
        {of.textContent}
      </Button>
      {hint && <span className="info-hint">{hint}</span>}
    </span>
  );
}
