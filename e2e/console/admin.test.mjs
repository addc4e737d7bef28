import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accessible, calm, picture, signIn } from "./harness.mjs";

/** administration shows a page of the administration to acme-admin. */
async function administration(section, options) {
  const page = await signIn("acme-admin", undefined, options);
  await page.getByRole("link", { name: "Administration" }).click();
  if (section) await page.getByRole("navigation", { name: "Administration" }).getByRole("link", { name: section }).click();
  return page;
}

/** create creates a person by the form, and waits for their page. */
async function create(page, username, first, last) {
  await page.getByRole("button", { name: "New person" }).click();
  const form = page.getByRole("dialog", { name: "New person" });
  await form.getByLabel("First name").fill(first);
  await form.getByLabel("Last name").fill(last);
  await form.getByLabel("User name").fill(username);
  await form.getByLabel("E-mail address").fill(`${username}@acme.example`);
  await form.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: `${first} ${last}` }).waitFor();
}

test("an administrator creates a person, gives a role and suspends them", async () => {
  const page = await administration("People");
  await page.getByRole("grid", { name: "People" }).getByText("Alice Archer").waitFor();
  await accessible(page);
  await picture(page, "admin-people");

  await page.getByRole("button", { name: "New person" }).click();
  await page.getByRole("dialog").getByLabel("User name").fill("alice");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.getByRole("dialog").locator("[data-invalid]").first().waitFor(); // told at a field
  await accessible(page);
  await picture(page, "admin-people-refused");
  await page.getByRole("button", { name: "Cancel" }).click();

  await create(page, "frank", "Frank", "Fisher");
  await accessible(page);
  await picture(page, "admin-person");

  await page.getByRole("tab", { name: "Roles" }).click();
  await page.locator("label", { hasText: "L1 Support" }).click();
  await page.getByText("Saved.").waitFor();
  assert.ok(await page.getByRole("switch", { name: /^L1 Support/ }).isChecked());
  await accessible(page);
  await picture(page, "admin-person-roles");

  await page.getByRole("tab", { name: "Access" }).click();
  await page.getByRole("button", { name: "Suspend" }).click();
  await page.getByLabel("Reason").fill("On leave");
  await accessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
  await page.getByText(/^Suspended until/).waitFor();
  await page.getByText("Reason: On leave").waitFor();
  await picture(page, "admin-person-suspended");

  for (const tab of ["Features", "Sessions", "Keys", "Delegates"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("tabpanel", { name: tab }).locator(".card").first().waitFor();
    await accessible(page);
  }
  await page.getByRole("link", { name: "People" }).first().click();
  await page.getByLabel(/^Search by name/).fill("frank");
  await page.getByRole("row", { name: /Frank Fisher/ }).waitFor();
  await calm(page);
});

test("an import tells a verdict on each row, also the bad one", async () => {
  const page = await administration("People");
  await page.getByRole("button", { name: "Import" }).click();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose a file" }).click();
  const rows = [
    "userName;emailAddress;firstName;lastName;roles;shoe size",
    "ida;ida@acme.example;Ida;Imhof;;38",
    "noaddress;;No;Address;;39",
    "jon;jon@acme.example;Jon;Jones;L1_SUPPORT;40",
    "alice;alice2@acme.example;Alice;Archer;;41",
  ];
  await (await chooser).setFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\r\n")) });
  await page.getByText("shoe size").waitFor(); // a column that is not imported
  await page.getByRole("button", { name: "Import 4 rows" }).click();
  await page.getByText("2 created, 1 existed already, 1 refused").waitFor();
  await page.getByRole("row", { name: /noaddress Refused emailAddress/ }).waitFor();
  await accessible(page);
  await picture(page, "admin-import");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Verdicts as CSV" }).click();
  const verdicts = await readFile(await (await download).path(), "utf8");
  assert.deepEqual(verdicts.split("\r\n").slice(1, 5).map((line) => line.split(",").slice(0, 3).join()), [
    "1,ida,created",
    "2,noaddress,refused",
    "3,jon,created",
    "4,alice,exists",
  ]);
  await calm(page);
});

test("the audit trail shows what an administrator did, and that the log is whole", async () => {
  const page = await administration("People");
  await create(page, "gerda", "Gerda", "Gold");
  await page.getByRole("navigation", { name: "Administration" }).getByRole("link", { name: "Audit trail" }).click();
  await page.getByText(/^The log is whole/).waitFor();
  const line = page.getByRole("row", { name: /gerda/ }).first();
  await line.waitFor();
  await accessible(page);
  await picture(page, "admin-trail");
  await line.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText(/User provisioning/).waitFor();
  await accessible(page);
  await calm(page);
});

test("hostile names are shown as text and run nothing", async () => {
  const page = await administration("People");
  const hostile = ["<img src=x onerror=alert(1)>", "\"><script>alert(2)</script>", "{{7*7}}<svg onload=alert(3)>"];
  const people = page.getByRole("navigation", { name: "Administration" }).getByRole("link", { name: "People" });
  for (const [i, name] of hostile.entries()) {
    await create(page, `hostile${i}`, name, "Smith");
    await people.click();
  }
  for (const name of hostile) await page.getByRole("row").getByText(`${name} Smith`).first().waitFor();
  await picture(page, "admin-hostile");
  await calm(page);
});

test("a person without roles sees no administration", async () => {
  const page = await signIn("alice");
  assert.equal(await page.getByRole("link", { name: "Administration" }).count(), 0);
  await page.evaluate(() => {
    location.hash = "#/admin/people";
  });
  await page.getByText("USER_PROVISIONING").waitFor(); // the role that would open it
  assert.equal(await page.getByRole("grid").count(), 0);
  await accessible(page);
  await calm(page);
});

test("the list of people is used by keyboard alone", async () => {
  const page = await administration("People");
  const rows = page.getByRole("grid", { name: "People" }).getByRole("row");
  await rows.nth(2).waitFor();
  await rows.nth(1).focus();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-rowindex") === "3");
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-rowindex") === "2");
  await page.keyboard.press("Enter");
  await page.getByRole("tablist").waitFor();
  await calm(page);
});

test("people are administered on a narrow screen, in the dark", async () => {
  const page = await signIn("acme-admin", undefined, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await page.getByRole("link", { name: "Administration" }).click();
  await page.getByRole("row", { name: /Alice Archer/ }).waitFor();
  await accessible(page);
  await picture(page, "admin-people-narrow");
  await page.getByRole("row", { name: /Alice Archer/ }).click();
  await page.getByRole("tab", { name: "Access" }).click();
  await page.getByRole("button", { name: "Suspend" }).waitFor();
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wider, false);
  await accessible(page);
  await picture(page, "admin-person-narrow");
  await calm(page);
});

test("a member is added to a room and removed, the room deactivated and brought back", async () => {
  const page = await administration("Rooms");
  const name = `Desk ${Date.now()}`;
  await page.evaluate(async (name) => {
    const headers = { "Podium-Console": "1", "Content-Type": "application/json" };
    const body = JSON.stringify({ name, description: "made by a test", membersCanInvite: true, discoverable: true, public: false });
    await fetch("/pod/v3/room/create", { method: "POST", headers, body });
  }, name);
  await page.reload();
  await page.getByRole("row", { name: new RegExp(name) }).click();
  await page.getByRole("combobox", { name: "Add a member" }).fill("alice");
  await page.getByRole("option", { name: /Alice Archer/ }).click();
  const alice = page.getByRole("row", { name: /Alice Archer/ });
  await alice.waitFor();
  await accessible(page);
  await picture(page, "admin-room");
  await alice.getByRole("button").click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await alice.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Deactivate" }).click();
  await accessible(page);
  await page.getByRole("alertdialog").getByRole("button", { name: "Deactivate" }).click();
  await page.getByRole("button", { name: "Reactivate" }).click();
  await page.getByRole("button", { name: "Deactivate" }).waitFor();
  await calm(page);
});

test("an application is made, switched on and deleted", async () => {
  const page = await administration("Applications");
  await page.getByRole("button", { name: "New application" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Id", { exact: true }).fill("made-app");
  await form.getByLabel("Name", { exact: true }).fill("Made App");
  await form.getByLabel("Publisher").fill("Acme");
  await form.getByLabel("Domain").fill("acme.example");
  await accessible(page);
  await form.getByRole("button", { name: "Create" }).click();
  const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /Made App/ }) });
  await card.getByText("On for the company").click();
  await page.getByText("Saved.").waitFor();
  await card.getByRole("button", { name: "Details: Made App" }).click();
  await accessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await card.waitFor({ state: "detached" });
  await calm(page);
});

test("each page of the administration is accessible, light and dark, wide and narrow", async () => {
  for (const options of [{}, { viewport: { width: 390, height: 844 }, colorScheme: "dark" }]) {
    const page = await signIn("acme-admin", undefined, options);
    await page.getByRole("link", { name: "Administration" }).click();
    await page.getByRole("grid").waitFor();
    const sections = await page.locator(".subnav select option").evaluateAll((all) => all.map((o) => [o.value, o.text]));
    assert.ok(sections.length >= 10);
    for (const [id, name] of sections) {
      await page.evaluate((to) => {
        location.hash = to;
      }, `#/admin/${id}`);
      await page.getByRole("heading", { level: 2, name, exact: true }).waitFor();
      await page.locator(".admin-page :is(.table, .cards, .card, .empty, .tabs)").first().waitFor();
      await accessible(page);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, name);
      await picture(page, `admin-${id}${options.colorScheme ? "-narrow" : ""}`);
    }
    await calm(page);
  }
});

test("the figures of the node move", async () => {
  const page = await administration("Nodes and health");
  await page.getByText("Live").waitFor();
  const plot = page.getByRole("figure").filter({ hasText: "Memory" });
  await plot.locator("b", { hasText: /^\d/ }).waitFor();
  await plot.locator("canvas").waitFor();
  await picture(page, "admin-health");
  await calm(page);
});
