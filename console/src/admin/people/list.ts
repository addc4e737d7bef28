import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Detail, findPeople, listPeople, searchPeople, type User } from "../../api/admin";
import { skipping, usePages } from "../../parts/pages";

/** A row of the list of people. */
export interface Row {
  id: number;
  name: string;
  username: string;
  email: string;
  department: string;
  service: boolean;
  roles: string[];
  status?: "ENABLED" | "DISABLED";
  suspended?: boolean;
  suspendedUntil?: number;
  lastLogin?: number;
}

export interface Filter {
  search: string;
  role: string;
  status: string;
}

export function ofDetail({ userAttributes: a, userSystemInfo: s, roles }: Detail): Row {
  return {
    id: s.id,
    name: a.displayName ?? "",
    username: a.userName ?? "",
    email: a.emailAddress ?? "",
    department: a.department ?? "",
    service: a.accountType === "SYSTEM",
    roles: roles ?? [],
    status: s.status,
    suspended: s.suspended,
    suspendedUntil: s.suspendedUntil,
    lastLogin: s.lastLoginDate,
  };
}

export function ofUser(u: User): Row {
  return {
    id: u.id,
    name: u.displayName,
    username: u.username,
    email: u.emailAddress ?? "",
    department: u.department ?? "",
    service: u.accountType === "SYSTEM",
    roles: u.roles ?? [],
    status: "ENABLED", // the search finds no others
  };
}

/** has reports whether a row has each word of a search. */
export function has(row: Row, search: string): boolean {
  const all = `${row.name} ${row.username} ${row.email}`.toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

const pageSize = 500;

/**
 * usePeople lists the accounts that a filter lets through. The pod searches by text, or finds by role
 * and status: for both together the page looks for the text in what the pod finds.
 */
export function usePeople(filter: Filter) {
  const search = filter.search.trim();
  const finds = filter.role !== "" || filter.status !== "";
  const found = { role: filter.role || undefined, status: filter.status || undefined };
  const pages = usePages<Row, number>(
    ["people", "list", found],
    0,
    skipping(pageSize, async (skip, limit, signal) =>
      ((finds ? await findPeople(found, skip, limit, signal) : await listPeople(skip, limit, signal)) ?? []).map(
        ofDetail,
      ),
    ),
    search === "" || finds,
  );
  const searched = useQuery({
    queryKey: ["people", "search", search],
    queryFn: async ({ signal }) => (await searchPeople(search, 0, 1000, signal)).users.map(ofUser),
    enabled: search !== "" && !finds,
    placeholderData: keepPreviousData,
  });
  if (search === "") return pages;
  if (finds) return { ...pages, rows: pages.rows.filter((row) => has(row, search)) };
  return {
    ...pages,
    rows: searched.data ?? [],
    more: false,
    loading: searched.isFetching,
    error: searched.error,
  };
}
