package settings

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strconv"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
)

var listAllowedTypes = op.Operation[Service]{
	ID:      "listAllowedTypes",
	Route:   "GET /pod/v1/files/allowedTypes",
	Tag:     "Pod",
	Summary: "List the file types that may be sent within the company, in alphabetical order.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.SendMessages},
	Handle:  op.Read((*Service).listAllowedTypes),
}

func (s *Service) listAllowedTypes(tx *db.Tx, caller auth.Caller, _ nothing) ([]Extension, error) {
	all, err := Extensions(tx, caller.Company)
	names := make([]Extension, 0, len(all))
	for _, e := range all {
		if e.Internal {
			names = append(names, e.Extension)
		}
	}
	return names, err
}

const extensionsPath = "/pod/file_ext/v1/allowed_extensions"

var listFileExtensions = op.Operation[Service]{
	ID:      "listFileExtensions",
	Route:   "GET " + extensionsPath,
	Tag:     "FileExtensions",
	Summary: "Page through the file types that may be sent, in alphabetical order.",
	About: "A limit above 500 means 500. The cursors before and after name the ends of the " +
		"page that answered them; give at most one. The last page has no link next, the " +
		"first no link previous.",
	Needs:  auth.AnyUser,
	Handle: op.Read((*Service).listFileExtensions),
}

const maxPage = 500

type listFileExtensionsInput struct {
	Limit  int    `query:"limit" default:"100" min:"1" max:"1000000"`
	Before Cursor `query:"before" required:"false" maxLength:"256"`
	After  Cursor `query:"after" required:"false" maxLength:"256"`
}

func (in listFileExtensionsInput) Validate() error {
	if in.Before != "" && in.After != "" {
		return apierr.Invalid("before and after: only one of them may be given")
	}
	return nil
}

// Cursor is the extension at an end of a page.
type Cursor Extension

// MarshalText writes the cursor in a form that clients do not parse.
func (c Cursor) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, []byte(c)), nil
}

// UnmarshalText parses what MarshalText wrote.
func (c *Cursor) UnmarshalText(text []byte) error {
	plain, err := base64.RawURLEncoding.DecodeString(string(text))
	var e Extension
	if err != nil || e.UnmarshalText(plain) != nil {
		return errors.New("a cursor that an earlier page answered with is expected")
	}
	*c = Cursor(e)
	return nil
}

// FileExtensions is a page of file extensions.
type FileExtensions struct {
	Data   []FileExtension `json:"data"`
	Paging Paging          `json:"paging"`
}

// Paging holds the cursors and links of a page.
type Paging struct {
	Cursors  Cursors `json:"cursors"`
	Previous string  `json:"previous,omitempty" doc:"The previous page, if there is one."`
	Next     string  `json:"next,omitempty" doc:"The next page, if there is one."`
}

// Cursors holds the ends of a page; both are empty for an empty page.
type Cursors struct {
	Before Cursor `json:"before"`
	After  Cursor `json:"after"`
}

func (s *Service) listFileExtensions(tx *db.Tx, caller auth.Caller, in listFileExtensionsInput) (FileExtensions, error) {
	all, err := Extensions(tx, caller.Company)
	if err != nil {
		return FileExtensions{}, err
	}
	limit := min(in.Limit, maxPage)
	from, to := 0, min(limit, len(all))
	switch {
	case in.After != "":
		place, found := find(all, Extension(in.After))
		if found {
			place++
		}
		from, to = place, min(place+limit, len(all))
	case in.Before != "":
		to, _ = find(all, Extension(in.Before))
		from = max(0, to-limit)
	}
	page := FileExtensions{Data: all[from:to]}
	if from == to {
		return page, nil
	}
	page.Paging.Cursors = Cursors{Before: Cursor(all[from].Extension), After: Cursor(all[to-1].Extension)}
	if from > 0 {
		page.Paging.Previous = link(limit, "before", page.Paging.Cursors.Before)
	}
	if to < len(all) {
		page.Paging.Next = link(limit, "after", page.Paging.Cursors.After)
	}
	return page, nil
}

func link(limit int, parameter string, c Cursor) string {
	text, _ := c.MarshalText() // it never fails
	return extensionsPath + "?limit=" + strconv.Itoa(limit) + "&" + parameter + "=" + url.QueryEscape(string(text))
}
