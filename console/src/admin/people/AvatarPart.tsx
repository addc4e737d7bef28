import { useQuery, useQueryClient } from "@tanstack/react-query";
import { FileTrigger } from "react-aria-components";
import { avatarsOf, type Detail, setAvatar } from "../../api/admin";
import { addressOf } from "../../api/call";
import { Button } from "../../parts/Button";
import { text } from "../../text";
import { useAct } from "../parts/act";
import { Outcome } from "../parts/Head";

const t = text.admin.people;

/** The picture of an account. */
export function AvatarPart({ detail, changed }: { detail: Detail; changed: () => Promise<void> }) {
  const uid = detail.userSystemInfo.id;
  const queries = useQueryClient();
  const doing = useAct();
  const pictures = useQuery({ queryKey: ["people", "avatar", uid], queryFn: () => avatarsOf(uid) });
  const largest = pictures.data?.find((p) => p.size === "500") ?? pictures.data?.[0];
  const choose = (files: FileList | null) => {
    const file = files?.[0];
    if (!file) return;
    doing.act(async () => {
      await setAvatar(uid, await base64(file));
      await queries.invalidateQueries({ queryKey: ["people", "avatar", uid] });
      await changed();
    }, t.saved);
  };
  return (
    <section className="card admin-form" aria-labelledby="picture">
      <h3 id="picture">{t.avatar}</h3>
      {largest && <img className="admin-picture" src={addressOf(largest.url).href} alt="" />}
      <Outcome error={doing.error} done={doing.done} />
      <FileTrigger acceptedFileTypes={["image/png", "image/jpeg", "image/gif"]} onSelect={choose}>
        <Button isDisabled={doing.busy}>{t.avatarChoose}</Button>
      </FileTrigger>
    </section>
  );
}

/** base64 reads a file. */
export async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}
