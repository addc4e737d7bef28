import assert from "node:assert/strict";
import { test } from "node:test";
import { acme, accessible, calm, open, picture, signIn } from "./harness.mjs";

test("a newcomer opens the pod's address and signs in with one click", async () => {
  const page = await open();
  await page.goto(`${acme}/`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByRole("button", { name: "Alice Archer" }).waitFor();
  await picture(page, "signin");
  await accessible(page);
  await page.getByRole("button", { name: "Alice Archer" }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  await page.reload();
  await page.getByRole("navigation", { name: "Main" }).waitFor(); // the session outlives the page
  assert.equal(await page.evaluate(() => document.cookie), "", "a script can read a cookie");
  assert.doesNotMatch(JSON.stringify(await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }])), /eyJ/);
  await calm(page);
});

test("who signs out must sign in again", async () => {
  const page = await signIn("alice");
  await page.getByRole("button", { name: /^Your account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.goto(`${acme}/console/#/chat`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await calm(page);
});

test("a session that ends elsewhere ends the page", async () => {
  const page = await signIn("bob");
  await page.context().request.post(`${acme}/podium/v1/signout`, { headers: { "Podium-Console": "1" } });
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await calm(page);
});

test("the page is in the dark and on a telephone", async () => {
  const page = await signIn("alice", acme, { colorScheme: "dark", viewport: { width: 390, height: 800 } });
  await accessible(page);
  await picture(page, "narrow-dark");
  await calm(page);
});
