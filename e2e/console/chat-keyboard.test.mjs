// The whole of chat by keyboard alone: no click, no pointer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, said, userID, writing } from "./chatting.mjs";
import { accessible, calm, picture, signIn } from "./harness.mjs";

/** tabTo presses Tab until an element that matches has the focus. */
async function tabTo(page, selector, key = "Tab") {
  for (let i = 0; i < 60; i++) {
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`the focus does not come to ${selector}`);
}

test("a person chats by keyboard alone", async () => {
  const page = await signIn("bob");
  await ask(page, "POST", "/pod/v1/im/create", [await userID(page, "demo-bot")]);
  await ask(page, "POST", "/pod/v1/im/create", [await userID(page, "carol")]);
  await page.reload();
  await page.getByRole("link", { name: /Podium Bot/ }).first().waitFor();
  const keys = page.keyboard;

  // a conversation is begun
  await tabTo(page, "[aria-label='New conversation']");
  await keys.press("Enter");
  await page.getByRole("menuitem", { name: "Write to people" }).waitFor();
  await keys.press("Enter");
  await page.getByRole("combobox", { name: "People" }).waitFor();
  await keys.type("demo-bot");
  await page.getByRole("option", { name: /Acme/ }).waitFor();
  await keys.press("Enter");
  await page.getByRole("list", { name: "Chosen" }).waitFor();
  await tabTo(page, ".modal .button.primary");
  await keys.press("Enter");

  // what opens a conversation leads to the field to write
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.matches("textarea"));
  const text = `by keyboard ${Date.now()}`;
  await keys.type(text);
  await keys.press("Shift+Enter");
  await keys.type("two lines");
  await keys.press("Enter");
  await said(page, `You said: ${text}`).first().waitFor();
  await page.waitForFunction(() => document.activeElement?.matches("textarea"));

  // to a message and its actions
  await keys.press("Shift+F6");
  await page.waitForFunction(() => document.activeElement?.matches(".messages"));
  await keys.press("ArrowUp");
  await page.waitForFunction(() => document.activeElement?.matches("article"));
  await keys.press("ArrowUp");
  await page.waitForFunction(() => document.activeElement?.matches("article.own"));
  await picture(page, "chat-keyboard");
  await tabTo(page, ".message-actions [aria-label='Reply']");
  await keys.press("ArrowRight"); // within a toolbar
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Edit");
  await keys.press("Enter");
  await page.getByText("Edit message").waitFor();
  await page.waitForFunction(() => document.activeElement?.matches("textarea"));
  await keys.type(", edited");
  await keys.press("Enter");
  await said(page, text).filter({ hasText: "two lines, edited" }).first().waitFor();
  await page.waitForFunction(() => document.activeElement?.matches("textarea"));

  // the list, by arrow keys
  for (let i = 0; i < 6 && !(await page.evaluate(() => document.activeElement?.closest(".list-pane"))); i++) await keys.press("F6");
  await tabTo(page, ".conversation-item");
  await keys.press("Home");
  await keys.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement?.closest("li")?.previousElementSibling);
  const name = await page.evaluate(() => document.activeElement.querySelector(".name").textContent);
  await keys.press("Enter");
  await page.getByRole("heading", { name, level: 2 }).waitFor();
  await accessible(page);
  await calm(page);
});

test("new messages are told to screen readers", async () => {
  const [alice, bob] = [await signIn("alice"), await signIn("bob")];
  const { id } = await ask(alice, "POST", "/pod/v1/im/create", [await userID(alice, "bob")]);
  await alice.evaluate((stream) => {
    location.hash = `#/chat/${stream}`;
  }, id);
  await writing(alice).waitFor();
  const text = `announced ${Date.now()}`;
  await ask(bob, "POST", `/agent/v4/stream/${id}/message/create`, undefined, { multipart: { message: `<messageML>${text}</messageML>` } });
  await alice.getByRole("log").getByText(`Bob Baker: ${text}`).waitFor({ state: "attached" });
  await calm(alice);
  await calm(bob);
});
