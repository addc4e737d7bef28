/** A person's picture, or the initials of a name. It says nothing that the name beside it does not. */
export function Avatar({ name, url }: { name: string; url?: string | undefined }) {
  return (
    <span className="avatar" aria-hidden="true">
      {url ? <img src={url} alt="" loading="lazy" /> : initials(name)}
    </span>
  );
}

export function initials(name: string): string {
  const words = name.split(/\s+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return ends.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("");
}
