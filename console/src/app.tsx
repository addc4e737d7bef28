import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { onEnded } from "./api/call";
import { type Me, me } from "./api/session";
import { Banner } from "./parts/Banner";
import { useRoute } from "./parts/route";
import { Shell } from "./shell";
import { SignIn } from "./signin/SignIn";
import { text } from "./text";

const Chat = lazy(() => import("./chat"));
const Administration = lazy(() => import("./admin"));
const Inspector = lazy(() => import("./inspector"));

/** The console: the door for those without a session, the pages for all others. */
export function App() {
  const queries = useQueryClient();
  const { parts, query } = useRoute();
  const caller = useQuery({ queryKey: ["me"], queryFn: me });
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    onEnded(() => {
      if (!queries.getQueryData<Me>(["me"])) return;
      setEnded(true);
      queries.removeQueries({ predicate: (q) => q.queryKey[0] !== "me" });
      queries.setQueryData(["me"], null);
    });
  }, [queries]);

  if (caller.isPending) return <p className="visually-hidden">{text.loading}</p>;
  if (caller.isError) {
    return (
      <div className="door">
        <Banner kind="bad">{text.unreachable}</Banner>
      </div>
    );
  }
  if (!caller.data || parts[0] === "signin") {
    const entered = async () => {
      setEnded(false);
      await queries.resetQueries();
    };
    return (
      <SignIn
        code={parts[0] === "signin" ? parts[1] : undefined}
        error={query.get("error")}
        ended={ended}
        entered={entered}
      />
    );
  }
  return (
    <Shell me={caller.data} place={parts[0] ?? "chat"}>
      <Suspense fallback={<p className="visually-hidden">{text.loading}</p>}>
        <Page place={parts[0]} me={caller.data} />
      </Suspense>
    </Shell>
  );
}

function Page({ place, me }: { place: string | undefined; me: Me }) {
  switch (place) {
    case "admin":
      return <Administration me={me} />;
    case "inspector":
      return <Inspector me={me} />;
    default:
      return <Chat me={me} />;
  }
}
