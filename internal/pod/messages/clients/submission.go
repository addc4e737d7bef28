package clients

import (
	"encoding/json"

	"podium/internal/db"
	"podium/internal/wire"
)

// Submission is what a user has submitted by a form, as the event SYMPHONYELEMENTSACTION tells it.
type Submission struct {
	Number int64
	ID     wire.MessageID // of the submission
	Stream int64          // its number
	At     wire.Time
	User   wire.UserID // who submitted it

	Message wire.MessageID // that has the form
	Author  wire.UserID    // of that message: who is told
	FormID  string
	Values  json.RawMessage // the member formValues
}

// Submissions returns the submissions with some numbers, by their numbers, in one statement. Those
// that do not exist are left out.
func Submissions(tx *db.Tx, numbers []int64) (map[int64]Submission, error) {
	found := make(map[int64]Submission, len(numbers))
	if len(numbers) == 0 {
		return found, nil
	}
	list, err := db.All(tx, scanSubmission, `
		SELECT s.number, s.id, s.stream, s.at, s.user_id, m.id, m.author, s.form, s.content
		FROM form_submissions s
		JOIN stream_messages m ON m.number = s.message
		WHERE s.number IN ($1)`, numbers)
	for _, s := range list {
		found[s.Number] = s
	}
	return found, err
}

func scanSubmission(row db.Row) (s Submission, err error) {
	var values string
	err = row.Scan(&s.Number, &s.ID, &s.Stream, &s.At, &s.User, &s.Message, &s.Author, &s.FormID, &values)
	s.Values = json.RawMessage(values)
	return s, err
}
