import assert from "node:assert/strict";
import { test } from "node:test";
import { calm, signIn } from "./harness.mjs";

const most = 250 * 1024; // bytes, compressed

test("the first screen is light", async () => {
  const page = await signIn("carol");
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  const sizes = [];
  page.on("requestfinished", (request) => {
    if (new URL(request.url()).pathname.startsWith("/console/")) sizes.push(request.sizes());
  });
  const session = await page.context().newCDPSession(page);
  await session.send("Network.clearBrowserCache");
  const streams = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/podium/v1/events");
  await page.reload();
  await streams; // the page asks for it last
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  const weight = (await Promise.all(sizes)).reduce((sum, s) => sum + s.responseBodySize + s.responseHeadersSize, 0);
  console.log(`the first screen has ${sizes.length} files, ${Math.round(weight / 1024)} KB compressed`);
  assert.ok(sizes.length > 2, "the files came from the cache");
  assert.ok(weight < most, `${weight} bytes`);
  await calm(page);
});

test("an idle page asks for nothing", async () => {
  const page = await signIn("carol");
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.clock.install();
  const streams = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/podium/v1/events");
  await page.reload();
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await streams;
  await page.evaluate(() => new Promise(requestAnimationFrame));
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.clock.runFor("30:00"); // half an hour
  assert.deepEqual(asked, []);
  await calm(page);
});
