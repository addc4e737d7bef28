import { useQueryClient } from "@tanstack/react-query";
import { type RoomAttributes, updateRoom } from "../../api/chat";
import { Modal } from "../../parts/Modal";
import { text } from "../../text";
import { RoomForm } from "./RoomForm";

interface Props {
  room: string;
  attributes: RoomAttributes;
  onClose: () => void;
}

/** The dialog that changes a room. */
export default function EditRoom({ room, attributes, onClose }: Props) {
  const queries = useQueryClient();
  return (
    <Modal title={text.chat.details.edit} isOpen onClose={onClose}>
      <RoomForm
        room={attributes}
        submit={text.chat.roomForm.save}
        onCancel={onClose}
        save={async (changed) => {
          if (Object.keys(changed).length > 0) await updateRoom(room, changed);
          await queries.invalidateQueries({ queryKey: ["room", room] });
          onClose();
        }}
      />
    </Modal>
  );
}
