import { useQuery } from "@tanstack/react-query";
import { languages } from "../../api/company";
import type { Me } from "../../api/session";
import { text } from "../../text";
import { Head, Waiting } from "../parts/Head";
import { FileTypes } from "./FileTypes";
import { Protocols } from "./Protocols";

const t = text.admin.settings;

/** What files, links and languages the company's people use. */
export default function Settings({ me }: { me: Me }) {
  const spoken = useQuery({ queryKey: ["settings", "languages"], queryFn: languages });
  const names = new Intl.DisplayNames(undefined, { type: "language" });
  const nameOf = (code: string) => {
    try {
      return names.of(code.replaceAll("_", "-")) ?? code;
    } catch {
      return code;
    }
  };
  return (
    <>
      <Head title={text.admin.sections.settings} lead={t.lead} />
      <div className="admin-columns">
        <FileTypes me={me} />
        <div className="admin-form">
          <Protocols me={me} />
          <section className="card admin-form" aria-labelledby="languages">
            <h3 id="languages">{t.languages}</h3>
            {spoken.data ? (
              <ul className="chips">
                {spoken.data.languages.map((code) => (
                  <li className="badge" key={code}>
                    {nameOf(code)}
                  </li>
                ))}
              </ul>
            ) : (
              <Waiting error={spoken.error} />
            )}
          </section>
        </div>
      </div>
    </>
  );
}
