// The icons, drawn on a grid of 24 by 24.
const paths = {
  chat: "M4 5h16v11H9l-5 4z",
  people:
    "M8 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zm-6 9c0-3.5 2.7-6 6-6s6 2.5 6 6M16.5 11a3 3 0 1 0-1-5.8M17 14c2.900 0 5 2.200 5 5.500",
  inspect: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zm4.800-1.700L20.500 20.500",
  api: "M8 6l-5 6 5 6M16 6l5 6-5 6",
  send: "M4 12l16-8-6 16-3-6z",
  plus: "M12 5v14M5 12h14",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  attach:
    "M20 11l-8.500 8.500a5 5 0 0 1-7-7L13 4a3.300 3.300 0 0 1 4.700 4.700L9.500 17a1.700 1.700 0 0 1-2.400-2.400L14.500 7.500",
  reply: "M10 8V4L3 11l7 7v-4c5 0 8 1.500 11 5-1-6-4-11-11-11z",
  forward: "M14 8V4l7 7-7 7v-4c-5 0-8 1.500-11 5 1-6 4-11 11-11z",
  edit: "M4 20h4L19 9l-4-4L4 16z",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zm4.800-1.700L20.500 20.500",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm0-10v6M12 7.500h.01",
  link: "M9 15l6-6M10.500 6.500l1.500-1.500a5 5 0 0 1 7 7l-1.500 1.500M13.500 17.500l-1.500 1.500a5 5 0 0 1-7-7l1.500-1.500",
  smile:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14.500c1 1.300 2.200 2 3.500 2s2.500-.7 3.500-2M9 9.500h.01M15 9.500h.01",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  check: "M5 12.500l4.500 4.500L19 7.500",
  down: "M5 9l7 7 7-7",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" ? 3 : 1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
