import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import "../style/table.css";
import { text } from "../text";
import { useNarrow } from "./narrow";

export interface Column<Row> {
  id: string;
  label: string;
  /** The width, as of a track of a CSS grid. Default: an equal share. */
  width?: string;
  /** Left out on narrow screens. */
  wideOnly?: boolean;
  cell: (row: Row) => ReactNode;
  /** What rows are sorted by; without it the column does not sort. */
  sortBy?: (row: Row) => string | number;
}

export interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string | number;
  /** What Enter, Space and a click on a row do. */
  onOpen?: (row: Row) => void;
  current?: string | number;
  /** There are rows that have not been loaded. */
  more?: boolean;
  loading?: boolean;
  loadMore?: () => void;
  /** Loads all rows; asked for before rows are sorted. */
  loadAll?: () => Promise<unknown>;
  empty?: ReactNode;
  rowHeight?: number;
}

interface Sorting {
  column: string;
  down: boolean;
}

/** A table for very many rows: only those in sight exist, and pages are loaded when they come near. */
export function Table<Row>(props: Props<Row>) {
  const { label, rows, keyOf, onOpen, more = false, loading = false, loadMore, rowHeight = 44 } = props;
  const narrow = useNarrow();
  const columns = narrow ? props.columns.filter((c) => !c.wideOnly) : props.columns;
  const [sorting, sort] = useState<Sorting>();
  const [active, setActive] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const sorted = useMemo(() => inOrder(rows, props.columns, sorting), [rows, props.columns, sorting]);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollPaddingStart: rowHeight,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (more && !loading && last >= rows.length - 20) loadMore?.();
  }, [more, loading, last, rows.length, loadMore]);

  const focus = (index: number) => {
    const to = Math.max(0, Math.min(sorted.length - 1, index));
    setActive(to);
    virtual.scrollToIndex(to);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus());
  };
  const onKey = (event: KeyboardEvent, index: number) => {
    if (event.target !== event.currentTarget) return; // a button in the row
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / rowHeight) - 2);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (step !== undefined) focus(index + step);
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(sorted.length - 1);
    else if ((event.key === "Enter" || event.key === " ") && onOpen) onOpen(sorted[index] as Row);
    else return;
    event.preventDefault();
  };
  const turn = async (column: string) => {
    const down = sorting?.column === column && !sorting.down;
    if (more) await props.loadAll?.();
    sort({ column, down });
  };

  if (rows.length === 0 && !loading) return <div className="empty">{props.empty ?? text.table.empty}</div>;
  const tracks = columns.map((c) => c.width ?? "minmax(0, 1fr)").join(" ");
  const first = Math.min(active, sorted.length - 1);
  const reachable = items.some((i) => i.index === first) ? first : items[0]?.index;
  return (
    <div
      className="table"
      ref={box}
      role="grid"
      aria-label={label}
      aria-rowcount={more ? -1 : rows.length + 1}
      aria-colcount={columns.length}
      aria-busy={loading}
    >
      <div role="row" aria-rowindex={1} className="table-head" style={{ gridTemplateColumns: tracks }}>
        {columns.map((c) => (
          <div key={c.id} role="columnheader" aria-sort={ariaSort(c, sorting)}>
            {c.sortBy ? (
              <button type="button" onClick={() => turn(c.id)}>
                {c.label}
                <span aria-hidden="true">{sorting?.column === c.id ? (sorting.down ? "▾" : "▴") : ""}</span>
              </button>
            ) : (
              c.label
            )}
          </div>
        ))}
      </div>
      <div role="rowgroup" className="table-body" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = sorted[item.index] as Row;
          return (
            <div
              key={keyOf(row)}
              data-index={item.index}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={onOpen ? keyOf(row) === props.current : undefined}
              tabIndex={item.index === reachable ? 0 : -1}
              className={onOpen ? "table-row opens" : "table-row"}
              style={{ gridTemplateColumns: tracks, height: item.size, transform: `translateY(${item.start}px)` }}
              onFocus={() => setActive(item.index)}
              onKeyDown={(event) => onKey(event, item.index)}
              onClick={(event) => onOpen && opens(event.target) && onOpen(row)}
            >
              {columns.map((c) => (
                <div key={c.id} role="gridcell">
                  {c.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {loading && <p className="table-loading">{rows.length > 0 ? text.table.loaded(rows.length) : text.loading}</p>}
    </div>
  );
}

/** opens reports whether a click on an element opens the row: not on a button in it. */
function opens(target: EventTarget) {
  return !(target instanceof Element && target.closest("button, a, input, label"));
}

function ariaSort<Row>(c: Column<Row>, sorting: Sorting | undefined) {
  if (!c.sortBy) return undefined;
  if (sorting?.column !== c.id) return "none";
  return sorting.down ? "descending" : "ascending";
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** inOrder returns the rows as a column sorts them; rows that are equal keep their order. */
export function inOrder<Row>(rows: Row[], columns: Column<Row>[], sorting: Sorting | undefined): Row[] {
  const by = columns.find((c) => c.id === sorting?.column)?.sortBy;
  if (!by || !sorting) return rows;
  const keyed = rows.map((row) => ({ row, key: by(row) }));
  const sign = sorting.down ? -1 : 1;
  keyed.sort((a, b) => sign * compare(a.key, b.key));
  return keyed.map((k) => k.row);
}

function compare(a: string | number, b: string | number) {
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
}
