import { useEffect, useState } from "react";

/** useColours returns colours of tokens.css as a canvas takes them, also after the theme changes. */
export function useColours(names: string[]): string[] | undefined {
  const [colours, setColours] = useState<string[]>();
  const wanted = names.join();
  useEffect(() => {
    const read = () => setColours(wanted.split(",").map(colour));
    read();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", read);
    const themed = new MutationObserver(read);
    themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      dark.removeEventListener("change", read);
      themed.disconnect();
    };
  }, [wanted]);
  return colours;
}

function colour(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
