import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

/** A page of a list; next: what to give for the following one. */
export interface Page<Row, Place> {
  rows: Row[];
  next: Place | undefined;
}

/** usePages loads a list page by page. */
export function usePages<Row, Place>(
  key: readonly unknown[],
  first: Place,
  load: (place: Place, signal: AbortSignal) => Promise<Page<Row, Place>>,
  enabled = true,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: first,
    queryFn: ({ pageParam, signal }) => load(pageParam as Place, signal),
    getNextPageParam: (page: Page<Row, Place>) => page.next,
    enabled,
  });
  const { fetchNextPage, hasNextPage, isFetching } = query;
  const rows = useMemo(() => query.data?.pages.flatMap((p) => p.rows) ?? [], [query.data]);
  const loadMore = useCallback(() => {
    if (!isFetching) fetchNextPage();
  }, [fetchNextPage, isFetching]);
  const loadAll = useCallback(async () => {
    for (;;) {
      const result = await fetchNextPage();
      if (!result.hasNextPage || result.isError) return;
    }
  }, [fetchNextPage]);
  return {
    rows,
    more: hasNextPage,
    loading: isFetching,
    error: query.error,
    loadMore,
    loadAll,
    refetch: query.refetch,
  };
}

/** skipping turns a list by skip and limit into pages: a page that is not full is the last one. */
export function skipping<Row>(
  limit: number,
  list: (skip: number, limit: number, signal: AbortSignal) => Promise<Row[]>,
) {
  return async (skip: number, signal: AbortSignal): Promise<Page<Row, number>> => {
    const rows = (await list(skip, limit, signal)) ?? [];
    return { rows, next: rows.length < limit ? undefined : skip + limit };
  };
}
