import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { application, deleteApplication } from "../../api/company";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { Modal } from "../../parts/Modal";
import { text } from "../../text";
import { Confirm } from "../parts/Confirm";
import { Waiting } from "../parts/Head";
import { may } from "../rights";

const t = text.admin.apps;

export interface Props {
  id: string;
  me: Me;
  changed: () => Promise<void>;
  onClose: () => void;
}

/** What an application is and may. */
export function AppDetail({ id, me, changed, onClose }: Props) {
  const app = useQuery({ queryKey: ["apps", id], queryFn: () => application(id) });
  const [asks, setAsks] = useState(false);
  const info = app.data?.applicationInfo;
  const facts: [string, string | null | undefined][] = [
    [t.fields.appId, id],
    [t.fields.publisher, info?.publisher],
    [t.fields.domain, info?.domain],
    [t.fields.appUrl, info?.appUrl],
    [t.fields.description, app.data?.description],
    [t.fields.allowOrigins, app.data?.allowOrigins],
    [t.fields.permissions, app.data?.permissions?.join(", ")],
  ];
  const name = info?.name ?? id;
  if (asks) {
    return (
      <Confirm
        question={t.askDelete(name)}
        means={t.deleteMeans}
        yes={t.delete}
        act={async () => {
          await deleteApplication(id);
          await changed();
          onClose();
        }}
        onClose={() => setAsks(false)}
      />
    );
  }
  return (
    <Modal title={name} isOpen onClose={onClose}>
      {!app.data && <Waiting error={app.error} />}
      {app.data && (
        <dl className="fact-list">
          {facts
            .filter(([, value]) => value)
            .map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ))}
        </dl>
      )}
      {app.data?.authenticationKeys?.current?.key && (
        <pre className="pem">{app.data.authenticationKeys.current.key}</pre>
      )}
      <div className="actions">
        {may(me, "MODIFY_APPS") && (
          <Button look="danger" onPress={() => setAsks(true)}>
            {t.delete}
          </Button>
        )}
        <Button onPress={onClose}>{text.close}</Button>
      </div>
    </Modal>
  );
}
