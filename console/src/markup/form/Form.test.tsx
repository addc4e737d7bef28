import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { Markup } from "../Markup";

function show(inner: string, submit = vi.fn(async () => {}), attributes = "") {
  const message = `<div data-format="PresentationML" data-version="2.0"><form id="f" ${attributes}>${inner}</form></div>`;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Markup message={{ message, data: "{}" }} me={1} submit={submit} />
    </QueryClientProvider>,
  );
  return submit;
}

const ok = '<button type="action" name="ok" class="primary">Send</button>';
const labelled = (control: string) =>
  `<div class="textfield-group" data-generated="true"><label for="id1">Name</label>${control}</div>`;

test("a form is filled in and sent, and then closed", async () => {
  const submit = show(labelled('<input type="text" name="t" id="id1"/>') + ok);
  await userEvent.type(screen.getByLabelText("Name"), "Bob");
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(submit).toHaveBeenCalledWith("f", { t: "Bob", action: "ok" });
  expect(await screen.findByText("Sent")).toBeTruthy();
  expect(screen.getByLabelText("Name").matches(":disabled")).toBe(true);
});

test("what is wrong is said at the field, and nothing is sent", async () => {
  const submit = show(labelled('<input type="text" name="t" id="id1" required="true"/>') + ok);
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(submit).not.toHaveBeenCalled();
  const field = screen.getByRole("textbox");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toBe("This is needed.");
  expect(document.activeElement).toBe(field);
});

test("a button may send what is not checked", async () => {
  const submit = show(
    '<input type="text" name="t" required="true"/><button type="action" name="raw" data-formnovalidate="true">Raw</button>',
  );
  await userEvent.click(screen.getByRole("button", { name: "Raw" }));
  expect(submit).toHaveBeenCalledWith("f", { t: "", action: "raw" });
});

test("a form for several submissions is set back", async () => {
  const submit = show(`<input type="text" name="t" value="init"/>${ok}`, undefined, 'data-multi-submit="reset"');
  const field = screen.getByRole("textbox") as HTMLInputElement;
  await userEvent.clear(field);
  await userEvent.type(field, "x");
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(submit.mock.calls).toEqual([
    ["f", { t: "x", action: "ok" }],
    ["f", { t: "init", action: "ok" }],
  ]);
});

test("reset sets back, and sends nothing", async () => {
  const submit = show(`<input type="text" name="t" value="init"/>${ok}<button type="reset">Reset</button>`);
  const field = screen.getByRole("textbox") as HTMLInputElement;
  await userEvent.type(field, "more");
  await userEvent.click(screen.getByRole("button", { name: "Reset" }));
  expect(field.value).toBe("init");
  expect(submit).not.toHaveBeenCalled();
});

test("a refusal of the pod is shown", async () => {
  show(
    `<input type="text" name="t"/>${ok}`,
    vi.fn(() => Promise.reject(new Error("formValues.t: no"))),
  );
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect((await screen.findByRole("alert")).textContent).toBe("formValues.t: no");
});

test("a box for all rows of a table checks them", async () => {
  const box = (name: string) => `<input type="checkbox" name="${name}" value="on"/>`;
  const submit = show(box("tablesel-header") + box("tablesel-row-1") + box("tablesel-row-2") + ok);
  await userEvent.click(screen.getByLabelText("Select all rows"));
  await userEvent.click(screen.getByLabelText("Select row 2"));
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(submit).toHaveBeenCalledWith("f", { "tablesel-row-1": "on", action: "ok" });
});

test("a choice that submits by itself names itself", async () => {
  const submit = show(
    '<select name="s" data-auto-submit="true"><option value="a">A</option><option value="b">B</option></select>',
  );
  await userEvent.selectOptions(screen.getByRole("combobox"), "b");
  expect(submit).toHaveBeenCalledWith("f", { s: "b", action: "s" });
});

test("one of several radio buttons is chosen", async () => {
  const radio = (value: string) =>
    `<div class="radio-group"><input type="radio" name="r" value="${value}" id="r${value}"/><label for="r${value}">${value}</label></div>`;
  const submit = show(radio("one") + radio("two") + ok);
  await userEvent.click(screen.getByLabelText("one"));
  await userEvent.click(screen.getByLabelText("two"));
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(submit).toHaveBeenCalledWith("f", { r: "two", action: "ok" });
});
