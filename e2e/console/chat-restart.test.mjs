import { test } from "node:test";
import { converse, said, say, writing, write } from "./chatting.mjs";
import { calm, picture, Pod, signIn } from "./harness.mjs";

test("the pod is killed and comes back, and the page goes on by itself", async () => {
  const pod = await Pod.start();
  const page = await signIn("alice", pod.address);
  const stream = await converse(page, "bob");
  await write(page, "before");
  await said(page, "before").first().waitFor();
  await pod.kill();
  await page.getByText("The pod cannot be reached.").first().waitFor();
  await writing(page).fill("while it is away"); // what was typed stays
  await picture(page, "chat-lost");
  await pod.run();
  const bob = await signIn("bob", pod.address);
  await say(bob, stream, "after");
  await said(page, "after").first().waitFor();
  await page.getByText("The pod cannot be reached.").first().waitFor({ state: "detached" });
  await writing(page).press("Enter");
  await said(page, "while it is away").first().waitFor();
  // the browser itself reports connections that it could not make
  page.problems = page.problems.filter((p) => !p.includes("ERR_"));
  await calm(page);
  await calm(bob);
});
