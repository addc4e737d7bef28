import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { acme, accessible, calm, picture, signIn } from "./harness.mjs";

/** refused makes calls as alice, in her own browser: one with a secret, and one that the pod refuses. */
async function refused() {
  const alice = await signIn("alice");
  const status = await alice.evaluate(async () => {
    const headers = { "Podium-Console": "1", "Content-Type": "application/json" };
    const search = JSON.stringify({ query: "<b>mallory</b>", password: "a secret of hers" });
    await fetch("/pod/v1/user/search", { method: "POST", headers, body: search });
    return (await fetch("/pod/v2/admin/user/create", { method: "POST", headers, body: "{}" })).status;
  });
  assert.equal(status, 403);
  await alice.context().close();
}

/** inspector shows the calls to acme-admin. */
async function inspector(options) {
  const page = await signIn("acme-admin", undefined, options);
  await page.getByRole("link", { name: "Inspector" }).click();
  await page.getByText(/^Live/).waitFor();
  return page;
}

test("a refused call is seen as it comes, with its reason and who can grant what was missing", async () => {
  const page = await inspector();
  await refused();
  const row = page.getByRole("row", { name: /createUser alice 403/ }).first();
  await row.waitFor();
  await accessible(page);
  await row.click();
  const why = page.getByRole("region", { name: "Why it was refused" });
  await why.getByText(/ACCESS_USER_PROVISIONING_API/).first().waitFor();
  await why.getByText("User provisioning").first().waitFor();
  await picture(page, "inspector-refused");
  await page.getByRole("row", { name: /searchUsers alice 200/ }).first().click();
  const request = page.getByRole("region", { name: "Request", exact: true });
  await request.getByText("<b>mallory</b>").waitFor(); // as text
  assert.equal(await page.getByText("a secret of hers").count(), 0);
  await request.locator("mark").first().waitFor();
  await accessible(page);
  await picture(page, "inspector-call");
  await calm(page);
});

test("calls are filtered, paused, copied as curl and sent again", async () => {
  const page = await inspector({ permissions: ["clipboard-read", "clipboard-write"] });
  await refused();
  await page.getByLabel("Filter").fill("createuser alice");
  const row = page.getByRole("row", { name: /createUser alice 403/ }).first();
  await row.waitFor();
  assert.equal(await page.getByRole("row", { name: /getSessionInfo/ }).count(), 0);
  await row.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await page.getByText("Copied.").waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(command, new RegExp(`^curl -i -X POST '${acme}/pod/v2/admin/user/create'`));
  assert.ok(!command.includes("a secret of hers"));

  await page.getByLabel("Filter").fill("getSessionInfo");
  await page.getByRole("row", { name: /getSessionInfo/ }).first().click();
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByRole("heading", { name: /^Sent again: 200/ }).waitFor();
  await accessible(page);

  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText(/^Paused/).waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText(/^Live/).waitFor();
  await calm(page);
});

test("the calls are exported as a valid HTTP archive without secrets", async () => {
  const page = await inspector();
  await refused();
  await page.getByLabel("Filter").fill("user alice");
  await page.getByRole("row", { name: /createUser alice 403/ }).first().waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as HAR" }).click();
  const text = await readFile(await (await download).path(), "utf8");
  const { log } = JSON.parse(text);
  assert.equal(log.version, "1.2");
  assert.ok(log.creator.name && log.creator.version);
  assert.ok(log.entries.length > 0);
  for (const e of log.entries) {
    assert.ok(!Number.isNaN(Date.parse(e.startedDateTime)));
    assert.equal(typeof e.time, "number");
    assert.ok(new URL(e.request.url).pathname.startsWith("/"));
    for (const part of [e.request, e.response]) {
      assert.ok(Array.isArray(part.headers) && Array.isArray(part.cookies));
      assert.equal(part.httpVersion, "HTTP/1.1");
      for (const h of part.headers) assert.equal(typeof h.value, "string");
    }
    assert.equal(typeof e.response.status, "number");
    assert.equal(typeof e.response.content.size, "number");
    assert.deepEqual(e.cache, {});
    assert.ok(e.timings.send >= 0 && e.timings.wait >= 0 && e.timings.receive >= 0);
  }
  assert.ok(text.includes("mallory"));
  assert.ok(!text.includes("a secret of hers"));
  assert.ok(!/eyJ[\w-]{20,}/.test(text)); // no token
  await calm(page);
});

test("the author of a bot sees which of its rights it used", async () => {
  const page = await signIn("acme-admin");
  await page.getByRole("link", { name: "Administration" }).click();
  await page.getByRole("row", { name: /Alice Archer/ }).waitFor(); // uses a right
  await page.getByRole("link", { name: "Inspector" }).click();
  await page.getByRole("link", { name: "Rights used" }).click();
  await page.getByRole("region", { name: "Used", exact: true }).getByText("ACCESS_USER_PROVISIONING_API").waitFor();
  await page.getByRole("region", { name: "Not used" }).getByText("MANAGE_SSO_FOR_POD").waitFor();
  await accessible(page);
  await picture(page, "inspector-rights");
  await calm(page);
});

test("the inspector is used on a narrow screen, in the dark", async () => {
  const page = await inspector({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await refused();
  await page.getByRole("row", { name: /createUser/ }).first().click();
  await page.getByRole("region", { name: "Why it was refused" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  await accessible(page);
  await picture(page, "inspector-narrow");
  await calm(page);
});
