package seal

import (
	"errors"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/wire"
)

// head returns the newest seal of a company; the zero Seal if there is none.
func head(tx *db.Tx, company wire.CompanyID) (Seal, error) {
	s, err := db.One(tx, scanSeal, selectSeals+` WHERE company = $1 ORDER BY number DESC LIMIT 1`, company)
	if errors.Is(err, db.ErrNoRow) {
		return Seal{}, nil
	}
	return s, err
}

// Newest returns the newest checkpoint of a company. It fails with db.ErrNoRow.
func Newest(tx *db.Tx, company wire.CompanyID) (Checkpoint, error) {
	return db.One(tx, scanCheckpoint, selectCheckpoints+` WHERE company = $1 ORDER BY number DESC LIMIT 1`, company)
}

const selectSeals = `SELECT number, position, seq, hash FROM event_seals`

// scanSeal reads a seal. Values that were made unreadable are zero, and match nothing.
func scanSeal(row db.Row) (s Seal, err error) {
	var number, position, seq, hash any
	err = row.Scan(&number, &position, &seq, &hash)
	return Seal{Number: whole(number), Cursor: cursor(position, seq), Hash: hashOf(hash)}, err
}

func whole(value any) int64 {
	n, _ := value.(int64)
	return n
}

func cursor(position, seq any) journal.Cursor {
	return journal.Cursor{Position: whole(position), Seq: whole(seq)}
}

func hashOf(value any) (h Hash) {
	text, _ := value.(string)
	if h.UnmarshalText([]byte(text)) != nil {
		return Hash{}
	}
	return h
}

const selectCheckpoints = `
	SELECT company, number, previous, position, seq, hash, at, kid, signature
	FROM event_checkpoints`

func scanCheckpoint(row db.Row) (Checkpoint, error) {
	var company, number, previous, position, seq, hash, at, kid, signature any
	if err := row.Scan(&company, &number, &previous, &position, &seq, &hash, &at, &kid, &signature); err != nil {
		return Checkpoint{}, err
	}
	c := Checkpoint{
		Company: wire.CompanyID(whole(company)), Number: whole(number), Previous: whole(previous), Cursor: cursor(position, seq),
		Hash: hashOf(hash), At: wire.Time(whole(at)),
	}
	c.KeyID, _ = kid.(string)
	c.Signature, _ = signature.(string)
	return c, nil
}

func insertSeals(tx *db.Tx, company wire.CompanyID, seals []Seal) error {
	rows := make([][]any, len(seals))
	for i, s := range seals {
		rows[i] = []any{company, s.Number, s.Position, s.Seq, s.Hash.String()}
	}
	return tx.InsertAll(`INSERT INTO event_seals (company, number, position, seq, hash) VALUES`, rows, "")
}

func insertCheckpoint(tx *db.Tx, c Checkpoint) error {
	return tx.Exec(`
		INSERT INTO event_checkpoints (company, number, previous, position, seq, hash, at, kid, signature)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.Company, c.Number, c.Previous, c.Position, c.Seq, c.Hash.String(), c.At, c.KeyID, c.Signature)
}
