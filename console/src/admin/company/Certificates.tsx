import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  type Certificate,
  type CertStatus,
  type CertType,
  certificates,
  createCertificate,
  deleteCertificate,
  setCertificateStatus,
} from "../../api/company";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Choice } from "../../parts/Choice";
import { Field } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { Modal } from "../../parts/Modal";
import { skipping, usePages } from "../../parts/pages";
import { type Column, Table } from "../../parts/Table";
import { text } from "../../text";
import { problems, useAct } from "../parts/act";
import { Confirm } from "../parts/Confirm";
import { date } from "../parts/format";
import { Head, Outcome } from "../parts/Head";

const t = text.admin.certificates;

const statuses = Object.entries(t.statuses).map(([id, label]) => ({ id, label }));
const types = Object.entries(t.types).map(([id, label]) => ({ id, label }));
const keyOf = (c: Certificate) => c.companyCertInfo.fingerPrint;

const columns: Column<Certificate>[] = [
  {
    id: "name",
    label: t.name,
    sortBy: (c) => c.companyCertAttributes.name,
    cell: (c) => <bdi>{c.companyCertAttributes.name || c.companyCertInfo.commonName}</bdi>,
  },
  {
    id: "common",
    label: t.commonName,
    wideOnly: true,
    sortBy: (c) => c.companyCertInfo.commonName,
    cell: (c) => <bdi>{c.companyCertInfo.commonName}</bdi>,
  },
  { id: "type", label: t.type, wideOnly: true, cell: (c) => t.types[c.companyCertAttributes.type.type] },
  {
    id: "status",
    label: t.status,
    width: "8rem",
    cell: (c) => {
      const status = c.companyCertAttributes.status.type;
      return <span className={status === "TRUSTED" ? "badge good" : "badge warn"}>{t.statuses[status]}</span>;
    },
  },
  {
    id: "expires",
    label: t.expires,
    width: "9rem",
    sortBy: (c) => c.companyCertInfo.expiryDate,
    cell: (c) => date(c.companyCertInfo.expiryDate),
  },
];

/** The certificates with which bots and applications log in. */
export default function Certificates() {
  const queries = useQueryClient();
  const [creates, setCreates] = useState(false);
  const [shown, setShown] = useState<Certificate>();
  const pages = usePages<Certificate, number>(["certificates"], 0, skipping(200, certificates));
  const changed = () => queries.invalidateQueries({ queryKey: ["certificates"] });
  return (
    <>
      <Head title={text.admin.sections.certificates} lead={t.lead}>
        <Button look="primary" onPress={() => setCreates(true)}>
          <Icon name="plus" />
          {t.create}
        </Button>
      </Head>
      {pages.error && <Banner kind="bad">{pages.error.message}</Banner>}
      <Table
        {...pages}
        label={text.admin.sections.certificates}
        columns={columns}
        keyOf={keyOf}
        onOpen={setShown}
        empty={t.none}
      />
      {creates && <Create changed={changed} onClose={() => setCreates(false)} />}
      {shown && <Change certificate={shown} changed={changed} onClose={() => setShown(undefined)} />}
    </>
  );
}

interface FormProps {
  changed: () => Promise<void>;
  onClose: () => void;
}

function Create({ changed, onClose }: FormProps) {
  const doing = useAct();
  const [type, setType] = useState<CertType>("USERSIGNING");
  const said = problems(doing.error, ["name", "pem"]);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const made = await doing.act(async () => {
      await createCertificate(String(form.get("pem")), String(form.get("name")), type, "TRUSTED");
      await changed();
    });
    if (made) onClose();
  };
  return (
    <Modal title={t.create} isOpen onClose={onClose}>
      <form className="admin-form" onSubmit={submit} noValidate>
        <Field name="name" label={t.name} problem={said.at("name")} />
        <Choice label={t.type} options={types} value={type} onChange={(chosen) => setType(chosen as CertType)} />
        <Field name="pem" label={t.pem} rows={8} problem={said.at("pem")} />
        {said.rest && <Banner kind="bad">{said.rest}</Banner>}
        <div className="actions">
          <Button onPress={onClose}>{text.cancel}</Button>
          <Button look="primary" type="submit" isDisabled={doing.busy}>
            {text.admin.create}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Change({ certificate, changed, onClose }: FormProps & { certificate: Certificate }) {
  const { companyCertAttributes: a, companyCertInfo: i } = certificate;
  const doing = useAct();
  const [status, setStatus] = useState<CertStatus>(a.status.type);
  const [asks, setAsks] = useState(false);
  const name = a.name || i.commonName;
  if (asks) {
    return (
      <Confirm
        question={t.askDelete(name)}
        means={t.deleteMeans}
        yes={t.delete}
        act={async () => {
          await deleteCertificate(i.fingerPrint);
          await changed();
          onClose();
        }}
        onClose={() => setAsks(false)}
      />
    );
  }
  return (
    <Modal title={name} isOpen onClose={onClose}>
      <p>
        {i.commonName} · {t.types[a.type.type]} · {t.expires} {date(i.expiryDate)}
      </p>
      <p className="soft">
        {t.fingerprint} <code>{i.fingerPrint}</code>
      </p>
      <Choice
        label={t.status}
        options={statuses}
        value={status}
        onChange={(chosen) => setStatus(chosen as CertStatus)}
      />
      <Outcome error={doing.error} />
      <div className="actions">
        <Button look="danger" onPress={() => setAsks(true)}>
          {t.delete}
        </Button>
        <Button onPress={onClose}>{text.cancel}</Button>
        <Button
          look="primary"
          isDisabled={doing.busy}
          onPress={async () => {
            const saved = await doing.act(async () => {
              await setCertificateStatus(i.fingerPrint, status);
              await changed();
            });
            if (saved) onClose();
          }}
        >
          {text.admin.save}
        </Button>
      </div>
    </Modal>
  );
}
