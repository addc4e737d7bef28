package streams

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"unicode"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Columns lists the columns that Scan reads, of a table or alias s.
const Columns = `s.number, s.id, s.company, s.type, s.creator, s.created, s.modified, s.active, s.members, s.away, s.owners,
	s.name, s.description, s.keywords, s.public, s.discoverable, s.members_can_invite, s.read_only,
	s.copy_protected, s.cross_pod, s.view_history, s.multi_lateral, s.scheduled_meeting, s.sub_type, s.pinned, s.group_chat,
	s.barred`

// Select selects all streams; a condition may follow.
const Select = `
	SELECT ` + Columns + `
	FROM streams s`

// Scan reads one stream. For many, ScanStreams makes a scan function.
func Scan(row db.Row) (Stream, error) { return ScanStreams()(row) }

// ScanStreams makes a scan function for the rows of one statement, which have columns and then
// more. It reads them all into one variable and returns copies: a stream, and the list of its
// fields, allocated for each row would be much of the work of a page.
func ScanStreams(more ...any) func(db.Row) (Stream, error) {
	var s Stream
	var keywords string
	fields := append([]any{&s.Number, &s.ID, &s.Company, &s.Type, &s.Creator, &s.Created, &s.Modified, &s.Active, &s.Members, &s.Away,
		&s.Owners, &s.Name, &s.Description, &keywords, &s.Public, &s.Discoverable, &s.MembersCanInvite,
		&s.ReadOnly, &s.CopyProtected, &s.CrossPod, &s.ViewHistory, &s.MultiLateral, &s.ScheduledMeeting, &s.SubType,
		&s.Pinned, &s.GroupChat, &s.Separation}, more...)
	return func(row db.Row) (Stream, error) {
		s = Stream{}
		err := row.Scan(fields...)
		if err == nil {
			s.Keywords, err = ReadKeywords(keywords)
		}
		return s, err
	}
}

// Find returns the stream with an id, of any company, or db.ErrNoRow. The caller must check who may
// know of it.
func Find(tx *db.Tx, id wire.StreamID) (Stream, error) {
	return db.One(tx, Scan, Select+` WHERE `+indexedID+` = $1`, indexed(id))
}

// InsertStream inserts a new stream. set is empty for rooms, nameKey for all others.
func InsertStream(tx *db.Tx, s Stream, set, nameKey string) error {
	return InsertStreams(tx, [][]any{StreamRow(s, set, nameKey)})
}

// InsertStreams inserts new streams, given as rows of StreamRow.
func InsertStreams(tx *db.Tx, rows [][]any) error {
	return tx.QueueAll(`
		INSERT INTO streams (number, id, company, type, creator, created, modified, active, members, away, owners, last_message,
			member_set, name, name_key, description, keywords, public, discoverable, members_can_invite, read_only,
			copy_protected, cross_pod, view_history, multi_lateral, scheduled_meeting, sub_type, pinned, group_chat)
		VALUES`, rows, "", nameTaken)
}

// StreamRow returns the row of a new stream for InsertStreams. set and nameKey are as in
// InsertStream.
func StreamRow(s Stream, set, nameKey string) []any {
	return []any{
		s.Number, s.ID, s.Company, s.Type, s.Creator, s.Created, s.Modified, s.Active, s.Members, s.Away, s.Owners, 0,
		orNull(set), s.Name, orNull(nameKey), s.Description, writeKeywords(s.Keywords), s.Public, s.Discoverable,
		s.MembersCanInvite, s.ReadOnly, s.CopyProtected, s.CrossPod, s.ViewHistory, s.MultiLateral, s.ScheduledMeeting,
		s.SubType, s.Pinned, s.GroupChat,
	}
}

// UpdateAttributes stores a room's attributes. An unchanged name keeps its key, so that rooms whose
// names were different under older rules can still be changed.
func UpdateAttributes(tx *db.Tx, s Stream) error {
	return nameTaken(tx.Change(`
		UPDATE streams
		SET name = $2, name_key = CASE WHEN name = $2 THEN name_key ELSE $3 END, description = $4, keywords = $5, discoverable = $6, members_can_invite = $7,
			read_only = $8, copy_protected = $9, view_history = $10, pinned = $11, modified = $12
		WHERE number = $1`,
		s.Number, s.Name, NameKey(s.Name), s.Description, writeKeywords(s.Keywords), s.Discoverable, s.MembersCanInvite,
		s.ReadOnly, s.CopyProtected, s.ViewHistory, s.Pinned, s.Modified))
}

func nameTaken(err error) error {
	if db.Conflict(err) == "streams_by_name_key" {
		return apierr.Invalid("A room with the same name already exists. Please choose another name")
	}
	return err
}

// NameKey returns the form in which names of rooms are compared. It ignores case, Unicode form,
// white space and invisible characters.
func NameKey(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, wording.Fold(name))
}

// orNull returns nil for an empty text.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// CompaniesOf returns the companies with members in a stream.
func CompaniesOf(tx *db.Tx, s Stream) ([]wire.CompanyID, error) {
	if !s.CrossPod {
		return []wire.CompanyID{s.Company}, nil
	}
	return db.All(tx, db.ScanValue[wire.CompanyID], `
		SELECT company
		FROM stream_companies
		WHERE stream = $1 AND members > 0
		ORDER BY company`, s.Number)
}

// CountCompany adds n to the number of a company's members in a stream of several companies.
func CountCompany(tx *db.Tx, s Stream, company wire.CompanyID, n int64) error {
	if !s.CrossPod {
		return nil
	}
	return tx.Queue(`
		INSERT INTO stream_companies (stream, company, members)
		VALUES ($1, $2, $3)
		ON CONFLICT (stream, company) DO UPDATE SET members = stream_companies.members + excluded.members`, s.Number, company, n)
}

// DigestOf returns a digest of a set of users, given in order.
func DigestOf(set []wire.UserID) string {
	names := make([]string, len(set))
	for i, id := range set {
		names[i] = id.String()
	}
	sum := sha256.Sum256([]byte(strings.Join(names, " ")))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
