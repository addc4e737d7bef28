import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { addressOf, Refused } from "../api/call";
import { signInAs, signInByLink, signInByPassword, signInMethods } from "../api/session";
import { Avatar } from "../parts/Avatar";
import { Banner } from "../parts/Banner";
import { Button } from "../parts/Button";
import { Field } from "../parts/Field";
import { text } from "../text";

export interface Props {
  /** The code of a one-time link. */
  code: string | undefined;
  /** Why the company's provider did not sign in. */
  error: string | null;
  /** The session has just ended. */
  ended: boolean;
  entered: () => Promise<void>;
}

/** The door: all ways to sign in that are switched on. */
export function SignIn({ code, error, ended, entered }: Props) {
  const ways = useQuery({ queryKey: ["signin"], queryFn: signInMethods });
  const [problem, setProblem] = useState<string | undefined>(error ? text.signIn.errors.oidc : undefined);
  const used = useRef(false);
  const enter = async (attempt: Promise<void>, refused: string) => {
    setProblem(undefined);
    try {
      await attempt;
      if (location.hash.startsWith("#/signin")) location.replace("#/chat");
      await entered();
    } catch (e) {
      setProblem(
        e instanceof Refused && e.status === 429
          ? text.signIn.errors[429]
          : e instanceof Refused && e.status === 401
            ? refused
            : String((e as Error).message),
      );
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a code is tried once
  useEffect(() => {
    if (!code || used.current) return;
    used.current = true;
    history.replaceState(null, "", "#/signin"); // the code does not stay in the browser's history
    enter(signInByLink(code), text.signIn.errors.link);
  }, [code]);

  const methods = ways.data?.methods ?? [];
  return (
    <div className="door">
      <main>
        <header>
          <img src="./icon.svg" alt="" />
          <div>
            <h1>{text.signIn.title}</h1>
            {ways.data && <p>{text.signIn.lead(ways.data.company.name)}</p>}
          </div>
        </header>
        {ended && !problem && <Banner kind="info">{text.signIn.ended}</Banner>}
        {problem && <Banner kind="bad">{problem}</Banner>}
        {ways.isError && <Banner kind="bad">{text.unreachable}</Banner>}
        {methods.includes("demo") && (
          <Demo people={ways.data?.people ?? []} enter={(name) => enter(signInAs(name), text.signIn.errors[401])} />
        )}
        {methods.includes("oidc") && (
          <a className="button" href={addressOf("/podium/v1/signin/oidc").href}>
            {text.signIn.oidc}
          </a>
        )}
        {methods.includes("password") && (
          <Password
            enter={(name, password) => enter(signInByPassword(name, password), text.signIn.errors[401])}
            apart={methods.includes("demo")}
          />
        )}
        {ways.data && !methods.some((m) => m !== "link") && <p>{text.signIn.none}</p>}
      </main>
    </div>
  );
}

function Demo({
  people,
  enter,
}: {
  people: { username: string; displayName: string; roles?: string[] }[];
  enter: (username: string) => void;
}) {
  return (
    <section aria-labelledby="demo">
      <p id="demo">{text.signIn.demo}</p>
      <ul className="people">
        {people.map((person) => (
          <li key={person.username}>
            <Button look="quiet" onPress={() => enter(person.username)}>
              <Avatar name={person.displayName} />
              <span>
                {person.displayName}
                <small>{person.username}</small>
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Password({ enter, apart }: { enter: (username: string, password: string) => void; apart: boolean }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    enter(String(form.get("username")), String(form.get("password")));
  };
  return (
    <form onSubmit={submit}>
      {apart && <p>{text.signIn.or}</p>}
      <Field label={text.signIn.user} name="username" autoComplete="username" isRequired />
      <Field label={text.signIn.password} name="password" type="password" autoComplete="current-password" isRequired />
      <Button look="primary" type="submit">
        {text.signIn.submit}
      </Button>
    </form>
  );
}
