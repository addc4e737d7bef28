import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { Me } from "../../api/session";
import { text } from "../../text";
import { Head } from "../parts/Head";
import { may } from "../rights";
import { Dictionaries } from "./Dictionaries";
import { Policies } from "./Policies";
import { Violations } from "./Violations";

const t = text.admin.dlp;

/** Data loss prevention: what must not be said, and what was found. */
export default function Dlp({ me }: { me: Me }) {
  return (
    <>
      <Head title={text.admin.sections.dlp} lead={t.lead} />
      <Tabs className="tabs filling">
        <TabList aria-label={text.admin.sections.dlp}>
          {may(me, "VIEW_EXPRESSION_FILTERS") && <Tab id="policies">{t.policies}</Tab>}
          {may(me, "VIEW_EXPRESSION_FILTERS") && <Tab id="dictionaries">{t.dictionaries}</Tab>}
          {may(me, "VIEW_DLP_VIOLATION") && <Tab id="violations">{t.violations}</Tab>}
        </TabList>
        <TabPanel id="policies">
          <Policies changes={may(me, "MANAGE_EXPRESSION_FILTERS")} />
        </TabPanel>
        <TabPanel id="dictionaries">
          <Dictionaries changes={may(me, "MANAGE_EXPRESSION_FILTERS")} />
        </TabPanel>
        <TabPanel id="violations">
          <Violations />
        </TabPanel>
      </Tabs>
    </>
  );
}
