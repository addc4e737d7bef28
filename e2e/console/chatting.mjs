// What the tests of chat share.

import assert from "node:assert/strict";

/** ask performs an operation as the person who is signed in on a page, and returns the answer. */
export async function ask(page, method, path, data, options = {}) {
  const origin = new URL(page.url()).origin;
  const answer = await page.context().request.fetch(`${origin}${path}`, {
    method,
    headers: { "Podium-Console": "1" },
    ...(data === undefined ? {} : { data }),
    ...options,
  });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  const text = await answer.text();
  return text === "" ? undefined : JSON.parse(text);
}

/** say sends a message by the API. */
export const say = (page, stream, message, options = {}) =>
  ask(page, "POST", `/agent/v4/stream/${stream}/message/create`, undefined, { multipart: { message: `<messageML>${message}</messageML>` }, ...options });

/** userID returns the id of an account by its user name. */
export const userID = async (page, username) => (await ask(page, "GET", `/pod/v2/user?username=${username}&local=true`)).id;

/** converse opens an IM by the API and shows it. It returns the stream's id. */
export async function converse(page, username) {
  const { id } = await ask(page, "POST", "/pod/v1/im/create", [await userID(page, username)]);
  await show(page, id);
  return id;
}

/** show opens a conversation. */
export async function show(page, stream) {
  await page.evaluate((id) => {
    location.hash = `#/chat/${id}`;
  }, stream);
  await writing(page).waitFor();
}

/** writing is the field to write a message. */
export const writing = (page) => page.getByRole("textbox", { name: /^Message to/ });

/** said is the messages that contain a text. */
export const said = (page, text) => page.getByRole("article").filter({ hasText: text });

/** write types a message and sends it. */
export async function write(page, text) {
  await writing(page).fill(text);
  await writing(page).press("Enter");
}
