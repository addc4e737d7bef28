package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

const writeCallers = 64

// write compares an operation that inserts one row with a bare handler that inserts the same
// row: on SQLite against the write ceiling and, where there is a server, on PostgreSQL.
func (b *bench) write(ctx context.Context) error {
	c, err := b.writes(ctx, "write", filepath.Join(b.dir, "write-ours.db"), order{
		Kind: "sqlite inserts", Database: filepath.Join(b.dir, "write-ceiling.db"),
	})
	if err != nil {
		return err
	}
	b.report.compared(fmt.Sprintf("one-row Write, SQLite, %d callers", writeCallers), c, 0.6)
	server := os.Getenv("PODIUM_TEST_POSTGRES")
	if server == "" {
		return nil
	}
	ours, remove, err := freshPostgres(ctx, server)
	if err != nil {
		return err
	}
	defer remove()
	theirs, remove, err := freshPostgres(ctx, server)
	if err != nil {
		return err
	}
	defer remove()
	c, err = b.writes(ctx, "write-postgres", ours, order{Kind: "postgres insert", Database: theirs})
	if err != nil {
		return err
	}
	b.report.beside(fmt.Sprintf("one-row Write, PostgreSQL, %d callers", writeCallers), c)
	return nil
}

// writes drives both sides on databases of the same kind.
func (b *bench) writes(ctx context.Context, part, database string, other order) (comparison, error) {
	ours, err := b.startPod(ctx, part, database)
	if err != nil {
		return comparison{}, err
	}
	defer ours.stop()
	session, err := b.key.session(ctx, ours.address)
	if err != nil {
		return comparison{}, err
	}
	ceiling, err := b.startCeiling(ctx, part, other)
	if err != nil {
		return comparison{}, err
	}
	defer ceiling.stop()
	post := repeat(request("POST", "/bench/v1/row", session, aRow), writeCallers)
	return b.compare(ctx, part, b.load(ours, post), b.load(ceiling, post))
}
