package main

import (
	"context"
	"sync/atomic"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
)

// createTable and insertRow are the statements of both sides. The parameters are written as
// PostgreSQL does; for SQLite, db rewrites them, and the ceiling has its own.
const (
	createTable = `
		CREATE TABLE bench_rows (
			id     BIGINT PRIMARY KEY,
			author BIGINT NOT NULL,
			name   TEXT   NOT NULL,
			text   TEXT   NOT NULL,
			at     BIGINT NOT NULL
		)`
	insertRow = `
		INSERT INTO bench_rows (id, author, name, text, at)
		VALUES ($1, $2, $3, $4, $5)`
)

// row is what a client sends.
type row struct {
	Name string `json:"name" maxLength:"100"`
	Text string `json:"text" maxLength:"1000"`
}

// added is what it is answered with.
type added struct {
	ID int64 `json:"id"`
}

// aRow is the row that every request sends.
var aRow = row{Name: "a row of the benchmark", Text: "Some words, about as many as a short message has."}

// rows is a chapter with one operation, which inserts one row.
type rows struct{ last atomic.Int64 }

// Operations returns what this chapter answers.
func (s *rows) Operations() []op.Bound { return op.Bind(s, addRow) }

var addRow = op.Operation[rows]{
	ID:      "addBenchRow",
	Route:   "POST /bench/v1/row",
	Tag:     "Benchmark",
	Summary: "Insert a row.",
	Needs:   auth.AnyUser,
	Handle:  op.Write((*rows).add),
}

type addRowInput struct {
	Body row
}

func (s *rows) add(tx *db.Tx, caller auth.Caller, in addRowInput) (added, error) {
	id := s.last.Add(1) // a Write that is run again leaves a gap, which is harmless
	return added{id}, tx.Exec(insertRow, id, caller.User, in.Body.Name, in.Body.Text, tx.Now())
}

func createRows(ctx context.Context, d *db.DB) error {
	_, err := db.Write(ctx, d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, tx.Exec(createTable) })
	return err
}
