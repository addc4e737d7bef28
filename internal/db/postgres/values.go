package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"podium/internal/db/engine"
)

// columnOf returns the only column of a query outside a transaction.
func columnOf[T any](ctx context.Context, pool *pgxpool.Pool, sql string) ([]T, error) {
	rows, err := pool.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[T])
}

// listOf returns the only column of a query in a transaction.
func listOf[T any](ctx context.Context, c engine.Conn, sql string, args ...any) ([]T, error) {
	rows, err := c.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []T{}
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// valueOf returns the only value of a query in a transaction. It fails with ErrNoRow.
func valueOf[T any](ctx context.Context, c engine.Conn, sql string, args ...any) (T, error) {
	list, err := listOf[T](ctx, c, sql, args...)
	if err == nil && len(list) == 0 {
		err = engine.ErrNoRow
	}
	if err != nil {
		var none T
		return none, err
	}
	return list[0], nil
}
