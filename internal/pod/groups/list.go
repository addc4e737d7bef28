package groups

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

var listGroups = op.Operation[Service]{
	ID:      "listGroups",
	Route:   "GET /profile-manager/v1/groups/type/{typeId}",
	Tag:     "Groups",
	Summary: "Page through the distribution lists, in the order of their creation.",
	About: "SDL is the only type. Members, profile and eTag are answered by getGroup only. " +
		"The last page has no cursor after. A limit above 1,000 means 1,000.",
	Needs:  manager,
	Also:   []int{404, 429},
	Errors: typeErrors,
	Handle: op.Read((*Service).list),
}

type listInput struct {
	Host      string    `header:"X-Symphony-Host" required:"false" maxLength:"8192" doc:"Ignored."`
	TypeID    string    `path:"typeId" maxLength:"64"`
	Status    Filter    `query:"status" required:"false" doc:"Both, if absent."`
	Before    string    `query:"before" required:"false" maxLength:"256" doc:"Ignored, as published."`
	After     Cursor    `query:"after" required:"false" maxLength:"256"`
	Limit     int64     `query:"limit" default:"100" min:"1" max:"1000000"`
	SortOrder SortOrder `query:"sortOrder" default:"ASC"`
}

const maxPage = 1000

// Filter is a Status in a query; empty for both.
type Filter string

// Enum returns the published values.
func (Filter) Enum() []string { return Status("").Enum() }

// UnmarshalText accepts a status in any case.
func (f *Filter) UnmarshalText(text []byte) error {
	*f = Filter(strings.ToUpper(string(text)))
	if *f != Filter(Active) && *f != Filter(Deleted) {
		return errors.New("ACTIVE or DELETED is expected")
	}
	return nil
}

// SortOrder is ASC, oldest first, or DESC.
type SortOrder string

// Enum returns the published values.
func (SortOrder) Enum() []string { return []string{"ASC", "DESC"} }

// UnmarshalText accepts either order in any case.
func (o *SortOrder) UnmarshalText(text []byte) error {
	*o = SortOrder(strings.ToUpper(string(text)))
	if *o != "ASC" && *o != "DESC" {
		return errors.New("ASC or DESC is expected")
	}
	return nil
}

// Cursor is a position among groups in the order of their creation. The zero Cursor is before the
// first.
type Cursor struct {
	created wire.Time
	id      wire.UserID
}

// MarshalText writes the cursor in a form that clients do not parse.
func (c Cursor) MarshalText() ([]byte, error) {
	text := strconv.FormatInt(int64(c.created), 10) + "." + c.id.String()
	return base64.RawURLEncoding.AppendEncode(nil, []byte(text)), nil
}

// UnmarshalText parses what MarshalText wrote.
func (c *Cursor) UnmarshalText(text []byte) error {
	plain, err1 := base64.RawURLEncoding.DecodeString(string(text))
	created, id, _ := strings.Cut(string(plain), ".")
	at, err2 := strconv.ParseInt(created, 10, 64)
	user, err3 := wire.ParseUserID(id)
	if errors.Join(err1, err2, err3) != nil {
		return errors.New("a cursor that an earlier page answered with is expected")
	}
	c.created, c.id = wire.Time(at), user
	return nil
}

// GroupList is a page of groups.
type GroupList struct {
	Pagination GroupPagination `json:"pagination"`
	Data       []GroupSummary  `json:"data"`
}

// GroupPagination holds the cursors of a page.
type GroupPagination struct {
	Cursors GroupCursors `json:"cursors"`
}

// GroupCursors holds the positions of a page's first and last elements.
type GroupCursors struct {
	Before string `json:"before" doc:"The place of the first element; empty on an empty page."`
	After  string `json:"after,omitempty" doc:"The cursor of the next page; absent on the last."`
}

func (s *Service) list(tx *db.Tx, caller auth.Caller, in listInput) (GroupList, error) {
	if in.TypeID != sdl {
		return GroupList{}, apierr.NotFound("Type not found")
	}
	limit := min(in.Limit, maxPage)
	found, err := groupsAfter(tx, caller.Company, in, int(limit)+1)
	if err != nil {
		return GroupList{}, err
	}
	page := GroupList{Data: []GroupSummary{}}
	for i, g := range found {
		place, _ := Cursor{g.created, g.id}.MarshalText() // never fails
		switch {
		case int64(i) == limit: // there is another page
			return page, nil
		case i == 0:
			page.Pagination.Cursors.Before = string(place)
		}
		page.Pagination.Cursors.After = string(place)
		page.Data = append(page.Data, g.summary())
	}
	page.Pagination.Cursors.After = ""
	return page, nil
}

func groupsAfter(tx *db.Tx, company wire.CompanyID, in listInput, limit int) ([]group, error) {
	sql, args := selectGroups+` WHERE company = $1`, []any{company}
	if in.Status != "" {
		sql, args = sql+` AND status = $2`, append(args, in.Status)
	}
	if in.After != (Cursor{}) {
		beyond := map[SortOrder]string{"ASC": ">", "DESC": "<"}[in.SortOrder]
		sql += ` AND (created, id) ` + beyond + ` ($` + strconv.Itoa(len(args)+1) + `, $` + strconv.Itoa(len(args)+2) + `)`
		args = append(args, in.After.created, in.After.id)
	}
	order := map[SortOrder]string{"ASC": ` ORDER BY created, id`, "DESC": ` ORDER BY created DESC, id DESC`}[in.SortOrder]
	sql += order + ` LIMIT $` + strconv.Itoa(len(args)+1)
	return db.All(tx, scanGroup, sql, append(args, limit)...)
}
