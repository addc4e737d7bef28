// What the browser tests share: a browser, signing in, pictures, the check for accessibility.
//
// PODIUM_E2E_DATA is the folder of the running podium dev, PODIUM_E2E_REPORT that of the pictures,
// PODIUM_BINARY the podium, for tests that start a pod of their own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

// The packages are those of the console: there is one lock file.
const packages = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = packages("playwright-core");
const axe = packages("axe-core");

const report = process.env.PODIUM_E2E_REPORT ?? join(tmpdir(), "podium-console");
await mkdir(report, { recursive: true });

const bootstrap = process.env.PODIUM_E2E_DATA
  ? JSON.parse(await readFile(join(process.env.PODIUM_E2E_DATA, "bootstrap.json"), "utf8"))
  : {};

/** The addresses of the running pod's two companies. */
export const acme = bootstrap.podBaseUrl;
export const globex = bootstrap.secondPodBaseUrl;

/** How long a test waits for what it expects, in milliseconds. */
export const patience = 20_000;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
after(() => browser.close());

/**
 * open opens a page in a browser profile of its own. Errors that the page reports, of scripts and of
 * the content policy, fail the test that calls `calm`.
 */
export async function open(address = acme, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true, ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => {
    // a refused call is a line of the browser's own
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) page.problems.push(message.text());
  });
  page.on("dialog", (dialog) => {
    page.problems.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(`${address}/console/`);
  return page;
}

/** signIn opens a page and signs a demo person in. */
export async function signIn(username, address = acme, options = {}) {
  const page = await open(address, options);
  await page.getByRole("listitem").filter({ has: page.getByText(username, { exact: true }) }).getByRole("button").click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  return page;
}

/** calm checks that a page reported no error, and closes it. */
export async function calm(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

/** picture keeps what the page shows. */
export async function picture(page, name) {
  await page.screenshot({ path: join(report, `${name}.png`), animations: "disabled" });
}

/** until asks again and again whether something is so. */
export async function until(isSo) {
  const deadline = Date.now() + patience;
  while (!(await isSo())) {
    assert.ok(Date.now() < deadline, `it is not so: ${isSo}`);
    await pause(200);
  }
}

/** accessible checks a page with axe-core. */
export async function accessible(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html.slice(0, 200)).join(" | ")}`);
  assert.deepEqual(found, []);
}

/** A podium dev of a test's own, which it can stop and start again on the same data and port. */
export class Pod {
  static async start() {
    const pod = new Pod();
    pod.data = await mkdtemp(join(tmpdir(), "podium-console-"));
    pod.port = await freePort();
    pod.address = `http://127.0.0.1:${pod.port}`;
    await pod.run();
    after(async () => {
      await pod.kill();
      await rm(pod.data, { recursive: true, force: true });
    });
    return pod;
  }

  async run() {
    const args = ["dev", "--data", this.data, "--port", String(this.port)];
    this.process = spawn(process.env.PODIUM_BINARY ?? "podium", args, { stdio: "ignore" });
    this.ended = new Promise((resolve) => this.process.once("exit", resolve));
    const deadline = Date.now() + patience;
    for (;;) {
      const answer = await fetch(`${this.address}/podium/v1/signin`).catch(() => undefined);
      if (answer?.ok) return;
      assert.equal(this.process.exitCode, null, "the pod has ended");
      assert.ok(Date.now() < deadline, "the pod does not answer");
      await pause(50);
    }
  }

  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }
}

/** freePort returns a port that is free, as is the next one. */
async function freePort() {
  for (;;) {
    const first = await listen(0);
    const { port } = first.address();
    const second = await listen(port + 1).catch(() => undefined);
    first.close();
    second?.close();
    if (second) return port;
  }
}

function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
