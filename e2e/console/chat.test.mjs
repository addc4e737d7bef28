import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ask, converse, said, say, show, userID, write, writing } from "./chatting.mjs";
import { accessible, acme, calm, globex, picture, signIn } from "./harness.mjs";

test("a newcomer writes to the demo bot, and it answers", async () => {
  const page = await signIn("alice");
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByRole("menuitem", { name: "Write to people" }).click();
  await page.getByRole("combobox", { name: "People" }).fill("demo-bot");
  await accessible(page);
  await page.getByRole("option", { name: /Acme/ }).click();
  await page.getByRole("button", { name: "Open conversation" }).click();
  await write(page, "hello **there** :tada:");
  await said(page, "You said: hello there").waitFor();
  await write(page, "/help");
  await said(page, "lists what I understand").first().waitFor();
  await writing(page).fill("/ta");
  await page.getByRole("option", { name: "/table" }).waitFor(); // from what the bot has said
  await accessible(page);
  await writing(page).press("Enter");
  await writing(page).press("Enter");
  await page.getByRole("cell", { name: "Bond 2031" }).first().waitFor();
  for (const command of ["/card", "/code", "/text"]) await write(page, command);
  await page.getByText("Its body, with a").first().waitFor();
  await page.getByText("def price").first().waitFor();
  await page.getByText("Heading 6").first().waitFor();
  await picture(page, "chat");
  await accessible(page);
  await calm(page);
});

test("a form with every field is filled in, sent and answered", async () => {
  const page = await signIn("carol");
  await converse(page, "demo-bot");
  await write(page, "/form");
  const form = page.getByRole("group", { name: "Form" }).first();
  const submit = form.getByRole("button", { name: "Submit", exact: true });
  await submit.click();
  await form.getByText("This is needed.").waitFor();
  await form.getByLabel("Text", { exact: false }).first().fill("ab");
  await submit.click();
  await form.getByText("At least 3 characters.").waitFor();
  await form.getByLabel("Text", { exact: false }).first().fill("some text");
  await form.getByLabel("Text of a pattern").fill("x");
  await submit.click();
  await form.getByText("Three capital letters, a hyphen, three digits").waitFor();
  await form.getByLabel("Text of a pattern").fill("ABC-123");
  await form.getByLabel("Masked text").fill("secret");
  await form.getByLabel("Text of several lines").fill("one\ntwo");
  await form.getByLabel("Rich text").fill("rich");
  await form.getByLabel("Prices").check();
  await form.getByLabel("Large").check();
  await form.getByLabel("Currency").selectOption("USD");
  await form.getByLabel("Asia").check();
  await form.getByLabel("Europe").check();
  await form.getByLabel("People").fill("bob");
  await page.getByRole("option", { name: /Bob Baker/ }).first().click();
  await form.getByLabel("Date").fill("2026-12-24");
  await form.getByLabel("Time", { exact: true }).fill("10:30");
  await form.getByLabel("Time zone").selectOption("Europe/Paris");
  await form.getByLabel("Select all rows").check();
  await picture(page, "chat-form");
  await accessible(page);
  await submit.click();
  await form.getByText("Sent").waitFor();
  const answer = said(page, "ABC-123").last();
  await answer.waitFor();
  const told = await answer.innerText();
  for (const value of ["some text", "USD", "large", "2026-12-24", "10:30:00", "Europe/Paris"]) assert.match(told, new RegExp(value));
  await accessible(page);
  await calm(page);
});

test("a dialog of the bot is opened, filled in and sent", async () => {
  const page = await signIn("carol");
  await converse(page, "demo-bot");
  await write(page, "/dialog");
  await page.getByRole("button", { name: "Open a dialog" }).last().click();
  const dialog = page.getByRole("dialog", { name: "An order" });
  await dialog.getByLabel("Quantity").fill("12");
  await accessible(page);
  await dialog.getByRole("button", { name: "Order" }).click();
  await dialog.waitFor({ state: "hidden" });
  await said(page, "quantity").last().waitFor();
  await calm(page);
});

test("a file goes each way", async () => {
  const page = await signIn("bob");
  await converse(page, "demo-bot");
  await page.locator("input[type=file]").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("what was said") });
  await page.getByRole("list", { name: "Attached files" }).getByText("notes.txt").waitFor();
  await write(page, "here it is");
  await page.getByRole("article", { name: /^Bob Baker/ }).getByRole("button", { name: "Download notes.txt" }).first().waitFor();
  const back = page.getByRole("article", { name: /^Podium Bot/ }).getByRole("button", { name: "Download notes.txt" });
  const [download] = await Promise.all([page.waitForEvent("download"), back.last().click()]);
  assert.equal(download.suggestedFilename(), "notes.txt");
  assert.equal(await readFile(await download.path(), "utf8"), "what was said");
  await calm(page);
});

test("a picture is dropped on the conversation and shown", async () => {
  const page = await signIn("bob");
  await converse(page, "carol");
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC";
  const data = await page.evaluateHandle((base64) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    transfer.items.add(new File([bytes], "red.png", { type: "image/png" }));
    return transfer;
  }, png);
  await page.dispatchEvent(".drop-area", "drop", { dataTransfer: data });
  await page.getByRole("list", { name: "Attached files" }).getByText("red.png").waitFor();
  await writing(page).press("Enter");
  await page.getByRole("img", { name: "Picture red.png" }).last().waitFor();
  await accessible(page);
  await calm(page);
});

test("a room is made, people are added, an owner is promoted", async () => {
  const page = await signIn("alice");
  const name = `Orders ${Date.now()}`;
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByRole("menuitem", { name: "Make a room" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "Description" }).fill("About #orders");
  await page.getByRole("combobox", { name: "First members" }).fill("bob");
  await page.getByRole("option", { name: /Bob Baker/ }).first().click();
  await accessible(page);
  await picture(page, "chat-new-room");
  await page.getByRole("button", { name: "Make room" }).click();
  await page.getByRole("heading", { name, level: 2 }).waitFor();
  await page.getByRole("button", { name: "Details" }).click();
  const members = page.getByRole("group", { name: "Members" });
  await members.getByText("Bob Baker").waitFor();
  await page.getByRole("combobox", { name: "Add a person" }).fill("carol");
  await page.getByRole("option", { name: /Carol Carter/ }).first().click();
  await members.getByText("Carol Carter").waitFor();
  await page.getByRole("button", { name: "Actions for Bob Baker" }).click();
  await page.getByRole("menuitem", { name: "Make owner" }).click();
  await members.getByRole("listitem").filter({ hasText: "Bob Baker" }).getByText("Owner").waitFor();
  await page.getByRole("button", { name: "Actions for Carol Carter" }).click();
  await page.getByRole("menuitem", { name: "Remove from room" }).click();
  await members.getByText("Carol Carter").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Edit room" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(`${name}!`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: `${name}!`, level: 2 }).waitFor();
  await accessible(page);
  await picture(page, "chat-room");
  await page.getByRole("button", { name: "Deactivate room" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Deactivate room" }).click();
  await page.getByText("This room is deactivated.").first().waitFor();
  await calm(page);
});

test("two people see each other's messages, typing and presence at once", async () => {
  const [alice, bob] = [await signIn("alice"), await signIn("bob")];
  const stream = await converse(alice, "bob");
  await show(bob, stream);
  const watched = async (page, text) => {
    const seen = said(page, text).first().waitFor().then(() => performance.now());
    return seen;
  };
  const took = [];
  for (let i = 0; i < 5; i++) {
    const text = `at once ${Date.now()} ${i}`;
    const seen = watched(bob, text);
    await writing(alice).fill(text);
    const begun = performance.now();
    await writing(alice).press("Enter");
    took.push((await seen) - begun);
  }
  took.sort((a, b) => a - b);
  console.log(`seen by the other after ${took.map(Math.round).join(", ")} ms`);
  assert.ok(took[0] < 2000, "a message takes seconds"); // of a machine that does other things too
  await writing(bob).pressSequentially("I am");
  await alice.getByText("Bob Baker is typing…").waitFor();
  await alice.getByText("Read", { exact: true }).waitFor();
  await bob.getByRole("button", { name: /your status/ }).click();
  await bob.getByRole("menuitemradio", { name: "In a meeting" }).click();
  await alice.locator(".conversation-pane header").getByText("In a meeting").first().waitFor();
  await picture(alice, "chat-two");
  await bob.getByRole("button", { name: /your status/ }).click();
  await bob.getByRole("menuitemradio", { name: "Available" }).click();
  await calm(alice);
  await calm(bob);
});

test("a message is answered, edited, forwarded, suppressed and found", async () => {
  const [alice, bob] = [await signIn("alice"), await signIn("bob")];
  const stream = await converse(alice, "bob");
  await show(bob, stream);
  const mark = `mark${Date.now()}`;
  await write(alice, `${mark} first`);
  const first = said(bob, `${mark} first`).first();
  await first.hover();
  await bob.getByRole("button", { name: "Reply" }).click();
  await write(bob, `${mark} answer`);
  await said(alice, "Answers Alice Archer").last().waitFor();
  await writing(bob).press("ArrowUp"); // the newest own message
  await bob.getByText("Edit message").waitFor();
  await write(bob, `${mark} better`);
  await said(alice, `${mark} better`).getByText("edited").waitFor();
  assert.equal(await said(alice, `${mark} answer`).count(), 0);
  await said(alice, `${mark} first`).first().hover();
  await alice.getByRole("button", { name: "Message actions" }).click();
  await alice.getByRole("menuitem", { name: "Forward" }).click();
  await alice.getByRole("textbox", { name: "Forward to" }).fill("podium");
  await alice.getByRole("button", { name: "Forward: Podium Bot" }).first().click();
  await alice.getByText(/^Forwarded to Podium Bot/).waitFor();
  await accessible(alice);
  await alice.getByRole("button", { name: "Close" }).click();
  await alice.getByRole("button", { name: "Search this conversation" }).click();
  await alice.getByRole("textbox", { name: "Words" }).fill(mark);
  await alice.getByRole("search").getByText(`${mark} better`).waitFor();
  await accessible(alice);
  await calm(alice);
  await calm(bob);
});

test("a search finds people, rooms and conversations", async () => {
  const page = await signIn("carol");
  const name = `Public ${Date.now()}`;
  const admin = await signIn("acme-admin");
  await ask(admin, "POST", "/pod/v3/room/create", { name, description: "for all", public: true });
  await page.getByRole("searchbox", { name: "Filter or search" }).fill(name);
  await page.getByRole("button", { name: `Join ${name}` }).click();
  await page.getByRole("heading", { name, level: 2 }).waitFor();
  await page.getByRole("searchbox", { name: "Filter or search" }).fill("bob");
  await page.getByRole("button", { name: /Write to Bob Baker/ }).first().waitFor();
  await accessible(page);
  await picture(page, "chat-search");
  await page.getByRole("button", { name: /Write to Bob Baker/ }).first().click();
  await page.getByRole("heading", { name: "Bob Baker", level: 2 }).waitFor();
  await calm(page);
  await calm(admin);
});

test("people of two companies connect and write to each other", async () => {
  const alice = await signIn("alice");
  const dave = await signIn("dave", globex);
  const { id } = await ask(alice, "GET", "/pod/v2/user?username=alice&local=true");
  await ask(dave, "POST", `/pod/v1/connection/user/${id}/remove`).catch(() => undefined); // of an earlier run
  await dave.reload();
  await dave.getByRole("button", { name: /^Connections/ }).click();
  await dave.getByRole("combobox", { name: "Find a person of another company" }).fill("alice");
  await dave.getByRole("option", { name: /Alice Archer/ }).first().click();
  await dave.getByText("Request sent").waitFor();
  await alice.getByRole("button", { name: "Connections: 1 request waits" }).click();
  await accessible(alice);
  await picture(alice, "chat-connections");
  await alice.getByRole("button", { name: /^Accept/ }).first().click();
  await dave.getByText(/Connected/).waitFor();
  await dave.getByRole("button", { name: /^Write/ }).first().click();
  await write(dave, "hello from Globex");
  await alice.getByRole("button", { name: "Close" }).click();
  await alice.getByRole("link", { name: /External.*unread/s }).first().click();
  await said(alice, "hello from Globex").first().waitFor();
  await calm(alice);
  await calm(dave);
});

test("older messages are read while scrolling up", async () => {
  const [alice, carol] = [await signIn("alice"), await signIn("carol")];
  const { roomSystemInfo } = await ask(alice, "POST", "/pod/v3/room/create", { name: `Long ${Date.now()}`, description: "x", viewHistory: true });
  const stream = roomSystemInfo.id;
  await ask(alice, "POST", `/pod/v1/room/${stream}/membership/add`, { id: await userID(alice, "carol") });
  for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 8 }, (_, j) => say(alice, stream, `number ${i * 8 + j + 1}.`)));
  await carol.getByRole("link", { name: /Long.*unread/s }).first().waitFor();
  await show(carol, stream);
  await said(carol, /number 1(5\d|60)\./).first().waitFor();
  const messages = carol.getByRole("group", { name: "Messages" });
  const begin = carol.getByText("This is where the conversation begins.");
  for (let i = 0; i < 40 && !(await begin.isVisible()); i++) {
    const height = await messages.evaluate((e) => e.scrollHeight);
    await messages.evaluate((e) => e.scrollTo(0, 0));
    await carol.waitForFunction((before) => document.querySelector(".messages").scrollHeight !== before, height);
  }
  await begin.waitFor();
  await messages.evaluate((e) => e.scrollTo(0, 0));
  await said(carol, /number [1-8]\./).first().waitFor();
  assert.ok((await carol.getByRole("article").count()) < 60, "all messages are in the page");
  await carol.getByRole("button", { name: "To the newest message" }).click();
  await said(carol, /number 1(5\d|60)\./).first().waitFor();
  await calm(alice);
  await calm(carol);
});

test("chat on a telephone, in the dark", async () => {
  const page = await signIn("alice", acme, { colorScheme: "dark", viewport: { width: 390, height: 800 } });
  await page.getByRole("link", { name: /Podium Bot/ }).first().click();
  await writing(page).waitFor();
  await page.getByRole("article").first().waitFor();
  await accessible(page);
  await picture(page, "chat-narrow-dark");
  await page.getByRole("link", { name: "Back to the conversations" }).click();
  await page.getByRole("link", { name: /Podium Bot/ }).first().waitFor();
  await accessible(page);
  await picture(page, "chat-list-narrow-dark");
  await calm(page);
});

test("a session that ends while one chats leads to the door", async () => {
  const page = await signIn("bob");
  await converse(page, "alice");
  await page.context().clearCookies();
  // the first call after that ends the page; it may come before one types
  await writing(page).fill("too late", { timeout: 2000 }).catch(() => undefined);
  await page.getByText("Your session has ended. Sign in again.").waitFor();
  await accessible(page);
  await calm(page);
});
