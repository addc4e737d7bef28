// The addresses that a message may lead to.

const schemes = new Set(["http:", "https:", "mailto:", "tel:", "symphony:", "sip:"]);

/** link returns an address that a person may open; undefined for all others. */
export function link(href: string | null): string | undefined {
  if (!href) return undefined;
  try {
    const address = new URL(href);
    return schemes.has(address.protocol) ? address.href : undefined;
  } catch {
    return undefined;
  }
}

// Pictures that are in the message itself. SVG is not among them.
const pictures = /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=\s]+$/i;

export function picture(src: string | null): string | undefined {
  return src && pictures.test(src) ? src : undefined;
}
