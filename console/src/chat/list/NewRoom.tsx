import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeMember, createRoom } from "../../api/chat";
import { Modal } from "../../parts/Modal";
import { go, to } from "../../parts/route";
import { text } from "../../text";
import { conversationsKey } from "../data/caches";
import { RoomForm } from "../details/RoomForm";
import { findPeople } from "../findPeople";
import { Chosen, type Found, Picker } from "../Picker";

/** The dialog that makes a room with its first members. */
export default function NewRoom({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [members, setMembers] = useState<Found[]>([]);
  return (
    <Modal title={text.chat.room} isOpen onClose={onClose}>
      <RoomForm
        submit={text.chat.roomForm.create}
        onCancel={onClose}
        save={async (attributes) => {
          const room = (await createRoom(attributes)).roomSystemInfo.id;
          // a person who cannot be added is told by the room's list of members
          await Promise.allSettled(members.map((m) => changeMember(room, "add", Number(m.id))));
          await queries.invalidateQueries({ queryKey: conversationsKey });
          onClose();
          go(to("chat", room));
        }}
      >
        <Picker
          label={text.chat.roomForm.members}
          find={findPeople}
          leaveOut={members.map((m) => m.id)}
          onPick={(found) => setMembers([...members, found])}
        />
        <Chosen
          label={text.chat.chosen}
          list={members}
          onRemove={(id) => setMembers(members.filter((m) => m.id !== id))}
        />
      </RoomForm>
    </Modal>
  );
}
