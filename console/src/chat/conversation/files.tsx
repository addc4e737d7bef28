import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { allowedTypes } from "../../api/chat";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { text } from "../../text";
import { size } from "../sizes";

// The limits of the pod, as published.
const mostFiles = 25;
const mostBytes = 30 * 1024 * 1024;

/** useFiles holds the files of a message that is being written. */
export function useFiles(dropped: File[]) {
  const [list, setList] = useState<File[]>([]);
  const [problem, setProblem] = useState<string>();
  const types = useQuery({ queryKey: ["allowedTypes"], queryFn: allowedTypes, enabled: list.length > 0 });
  const add = (more: File[]) => {
    setList((before) => [...before, ...more]);
    setProblem(undefined);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: each drop once
  useEffect(() => {
    if (dropped.length > 0) add(dropped);
  }, [dropped]);
  const wrong = types.data && list.find((f) => !suits(f.name, types.data));
  const total = list.reduce((n, f) => n + f.size, 0);
  const says = text.chat.composer;
  const refused =
    list.length > mostFiles
      ? says.tooMany
      : total > mostBytes
        ? says.tooLarge
        : wrong
          ? says.wrongType(wrong.name)
          : problem;
  return {
    list,
    problem: refused,
    add,
    remove: (file: File) => setList((before) => before.filter((f) => f !== file)),
    clear: () => setList([]),
  };
}

/** suits reports whether the ending of a name is among those that are allowed. */
function suits(name: string, types: string[]): boolean {
  const ending = name.split(".").at(-1)?.toLowerCase() ?? "";
  return types.length === 0 || types.some((t) => t.toLowerCase().replace(/^\./, "") === ending);
}

export function AttachButton({ add }: { add: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          add([...(event.target.files ?? [])]);
          event.target.value = ""; // the same file can be chosen again
        }}
      />
      <Button look="quiet" icon aria-label={text.chat.composer.attach} onPress={() => input.current?.click()}>
        <Icon name="attach" />
      </Button>
    </>
  );
}

export function FileList({ list, onRemove }: { list: File[]; onRemove: (file: File) => void }) {
  if (list.length === 0) return null;
  return (
    <ul className="chosen" aria-label={text.chat.composer.files}>
      {list.map((file, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name
        <li key={`${i}-${file.name}`}>
          <span>
            {file.name} <small>{size(file.size)}</small>
          </span>
          <Button
            look="quiet"
            icon
            className="remove"
            aria-label={text.chat.composer.takeAway(file.name)}
            onPress={() => onRemove(file)}
          >
            <Icon name="close" size={14} />
          </Button>
        </li>
      ))}
    </ul>
  );
}
