package dlp

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/pod/dlp/match"
	"podium/internal/wire"
)

// DictionaryType says what a dictionary's entries are.
type DictionaryType string

// The published types.
const (
	Word  DictionaryType = "Word"
	Regex DictionaryType = "Regex"
)

// Enum returns the published values.
func (DictionaryType) Enum() []string { return []string{string(Word), string(Regex)} }

// Ref names a version of a dictionary: the published V1DLPDictionaryRef.
type Ref struct {
	ID      string `json:"dictId" maxLength:"128"`
	Name    string `json:"name" maxLength:"256" doc:"Ignored in requests."`
	Version string `json:"version" maxLength:"16" doc:"Ignored in requests."`
}

// Metadata is a dictionary without its content: the published V1DLPDictionaryMetadata.
type Metadata struct {
	Ref     Ref            `json:"dictRef"`
	Type    DictionaryType `json:"type"`
	Creator string         `json:"creatorId" doc:"The number of the user."`
	Created wire.Time      `json:"creationDate"`
	Updated wire.Time      `json:"lastUpdatedDate"`
}

// MetadataResponse is the published V1DLPDictionaryMetadataResponse.
type MetadataResponse struct {
	Data Metadata `json:"data"`
}

// dictionary is a row of dlp_dictionaries.
type dictionary struct {
	company wire.CompanyID
	id      string
	name    string
	kind    DictionaryType
	version Version
	entries int64
	cost    int64 // of regular expressions
	creator wire.UserID
	created wire.Time
	updated wire.Time
}

const selectDictionaries = `
	SELECT company, id, name, type, version, entries, cost, creator, created, updated
	FROM dlp_dictionaries`

func scanDictionary(row db.Row) (d dictionary, err error) {
	return d, row.Scan(&d.company, &d.id, &d.name, &d.kind, &d.version, &d.entries, &d.cost, &d.creator, &d.created, &d.updated)
}

func (d dictionary) ref() Ref { return Ref{ID: d.id, Name: d.name, Version: d.version.String()} }

func (d dictionary) response() MetadataResponse { return MetadataResponse{d.metadata()} }

func (d dictionary) metadata() Metadata {
	return Metadata{Ref: d.ref(), Type: d.kind, Creator: d.creator.String(), Created: d.created, Updated: d.updated}
}

// findDictionary returns a dictionary of a company. It fails with NotFound.
func findDictionary(tx *db.Tx, company wire.CompanyID, id string) (dictionary, error) {
	d, err := db.One(tx, scanDictionary, selectDictionaries+` WHERE company = $1 AND id = $2`, company, id)
	if errors.Is(err, db.ErrNoRow) {
		err = apierr.NotFound("Dictionary not found")
	}
	return d, err
}

// dictionariesOf returns the dictionaries of a company by their ids.
func dictionariesOf(tx *db.Tx, company wire.CompanyID) (map[string]dictionary, error) {
	list, err := db.All(tx, scanDictionary, selectDictionaries+` WHERE company = $1`, company)
	byID := make(map[string]dictionary, len(list))
	for _, d := range list {
		byID[d.id] = d
	}
	return byID, err
}

// atVersion returns a dictionary as it was at a version, and its content. It fails with NotFound if
// that version is not kept.
func (d dictionary) atVersion(tx *db.Tx, version Version, content bool) (dictionary, string, error) {
	if version == 0 || version == d.version {
		if !content {
			return d, "", nil
		}
		version = d.version
	}
	column := `''`
	if content {
		column = `content`
	}
	var text string
	d, err := db.One(tx, func(row db.Row) (dictionary, error) {
		return d, row.Scan(&d.name, &d.version, &d.updated, &text)
	}, `
		SELECT name, version, updated, `+column+`
		FROM dlp_dictionary_versions
		WHERE company = $1 AND dictionary = $2 AND version = $3`, d.company, d.id, version)
	if errors.Is(err, db.ErrNoRow) {
		err = apierr.NotFound("Dictionary version not found")
	}
	return d, text, err
}

// addVersion stores a dictionary's version with its content, and removes the versions that are too
// old to be kept.
func (d dictionary) addVersion(tx *db.Tx, content string) error {
	err := tx.Exec(`
		INSERT INTO dlp_dictionary_versions (company, dictionary, version, name, updated, content)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (company, dictionary, version) DO UPDATE
		SET name = excluded.name, updated = excluded.updated, content = excluded.content`,
		d.company, d.id, d.version, d.name, d.updated, content)
	if err != nil {
		return err
	}
	return tx.Exec(`
		DELETE FROM dlp_dictionary_versions
		WHERE company = $1 AND dictionary = $2 AND version <= $3`, d.company, d.id, d.version-keptVersions)
}

// compile returns what finds the entries of a content. It fails with Invalid.
func (t DictionaryType) compile(content string) (found *match.Dictionary, entries int, err error) {
	list, err := match.Entries(content, t == Regex)
	if err != nil {
		return nil, 0, err
	}
	if t == Regex {
		found, err = match.NewExpressions(list)
		return found, len(list), err
	}
	return match.NewWords(list), len(list), nil
}
