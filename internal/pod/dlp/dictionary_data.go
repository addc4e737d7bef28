package dlp

import (
	"encoding/base64"
	"io"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/dlp/match"
)

var listDictionaries = op.Operation[Service]{
	ID:              "listDLPDictionaries",
	Route:           "GET /agent/v1/dlp/dictionaries",
	Tag:             section,
	Summary:         "Page through the dictionaries, oldest first.",
	Needs:           auth.All(auth.ViewExpressionFilters),
	KeyManagerToken: true,
	Handle:          op.Read((*Service).listDictionaries),
}

// Dictionaries is a page of dictionaries.
type Dictionaries struct {
	Items     []Metadata `json:"items"`
	Page      int        `json:"page"`
	PageCount int64      `json:"pageCount"`
}

func (s *Service) listDictionaries(tx *db.Tx, caller auth.Caller, in pageInput) (Dictionaries, error) {
	out := Dictionaries{Page: in.Page, Items: []Metadata{}}
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM dlp_dictionaries WHERE company = $1`, caller.Company)
	if err != nil {
		return out, err
	}
	out.PageCount = pageCount(n, in.Limit)
	list, err := db.All(tx, scanDictionary, selectDictionaries+`
		WHERE company = $1
		ORDER BY place
		LIMIT $2 OFFSET $3`, caller.Company, in.Limit, in.Page*in.Limit)
	for _, d := range list {
		out.Items = append(out.Items, d.metadata())
	}
	return out, err
}

var getDictionary = op.Operation[Service]{
	ID:              "getDLPDictionary",
	Route:           "GET /agent/v1/dlp/dictionaries/{dictId}",
	Tag:             section,
	Summary:         "Read a dictionary without its content.",
	About:           "The last 20 versions are kept.",
	Needs:           auth.All(auth.ViewExpressionFilters),
	KeyManagerToken: true,
	Handle:          op.Read((*Service).getDictionary),
}

type dictionaryVersionInput struct {
	ID      string `path:"dictId" maxLength:"128"`
	Version string `query:"dictVersion" required:"false" maxLength:"7" pattern:"^[1-9][0-9]{0,2}[.][0-9]{1,3}$" doc:"The newest if it is absent."`
}

func (s *Service) getDictionary(tx *db.Tx, caller auth.Caller, in dictionaryVersionInput) (MetadataResponse, error) {
	d, err := findDictionary(tx, caller.Company, in.ID)
	if err == nil {
		d, _, err = d.atVersion(tx, readVersion(in.Version), false)
	}
	return d.response(), err
}

var downloadDictionary = op.Operation[Service]{
	ID:              "downloadDLPDictionary",
	Route:           "GET /agent/v1/dlp/dictionaries/{dictId}/data/download",
	Tag:             section,
	Summary:         "Read the content of a dictionary, in Base64.",
	Needs:           auth.All(auth.ViewExpressionFilters),
	KeyManagerToken: true,
	Produces:        "application/octet-stream",
	Handle:          op.Read((*Service).downloadDictionary),
}

func (s *Service) downloadDictionary(tx *db.Tx, caller auth.Caller, in dictionaryVersionInput) (op.Download, error) {
	d, err := findDictionary(tx, caller.Company, in.ID)
	if err != nil {
		return op.Download{}, err
	}
	_, content, err := d.atVersion(tx, readVersion(in.Version), true)
	text := base64.StdEncoding.EncodeToString([]byte(content))
	return op.Download{
		Size:  int64(len(text)),
		Write: func(w io.Writer) error { _, err := io.WriteString(w, text); return err },
	}, err
}

var uploadDictionary = op.Operation[Service]{
	ID:      "uploadDLPDictionary",
	Route:   "POST /agent/v1/dlp/dictionaries/{dictId}/data/upload",
	Tag:     section,
	Summary: "Replace the content of a dictionary.",
	About: "The content is UTF-8, with commas or line breaks between entries: at most 1 MB. A " +
		"word matches whole words, without differences of case; an entry of several words " +
		"matches them in order. There are at most 10,000 words. Regular expressions are those of " +
		"RE2, at most 200, and their length with all repetitions is limited. The dictionary, and each policy that uses it, get a new version.",
	Needs:           auth.All(auth.ManageExpressionFilters),
	KeyManagerToken: true,
	MaxBody:         match.MaxContent + 64<<10,
	Also:            []int{413, 415},
	Handle:          op.Write((*Service).uploadDictionary),
}

type uploadInput struct {
	ID   string `path:"dictId" maxLength:"128"`
	Form struct {
		Data []op.Upload `part:"data" required:"true" maxItems:"1" doc:"The content."`
	}
}

func (in uploadInput) Validate() error {
	if in.Form.Data[0].Size > match.MaxContent {
		return apierr.Invalid("data: it has more than %d bytes", match.MaxContent)
	}
	return nil
}

func (s *Service) uploadDictionary(tx *db.Tx, caller auth.Caller, in uploadInput) (MetadataResponse, error) {
	content, err := io.ReadAll(in.Form.Data[0].Open())
	if err != nil {
		return MetadataResponse{}, err
	}
	if err := hold(tx, caller.Company); err != nil {
		return MetadataResponse{}, err
	}
	d, err := findDictionary(tx, caller.Company, in.ID)
	if err != nil {
		return MetadataResponse{}, err
	}
	found, entries, err := d.kind.compile(string(content))
	if err != nil {
		return MetadataResponse{}, err
	}
	d.entries, d.cost = int64(entries), int64(found.Cost())
	if err := d.fits(tx); err != nil {
		return MetadataResponse{}, err
	}
	return s.save(tx, caller, d, string(content))
}

// fits fails with Invalid if the dictionaries of a company would have too many words together, or
// regular expressions that take too long.
func (d dictionary) fits(tx *db.Tx) error {
	column, own, most, what := `entries`, d.entries, int64(maxWords), "words"
	if d.kind == Regex {
		column, own, most, what = `cost`, d.cost, maxCost, "steps of regular expressions"
	}
	others, err := db.Value[int64](tx, `
		SELECT CAST(COALESCE(SUM(`+column+`), 0) AS BIGINT)
		FROM dlp_dictionaries
		WHERE company = $1 AND type = $2 AND id <> $3`, d.company, d.kind, d.id)
	if err == nil && others+own > most {
		err = apierr.Invalid("data: all dictionaries together may have %d %s; there would be %d", most, what, others+own)
	}
	return err
}
