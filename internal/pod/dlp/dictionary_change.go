package dlp

import (
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wording"
)

// section is the section of the API description.
const section = "DLP Policies and Dictionary Management"

var createDictionary = op.Operation[Service]{
	ID:      "createDLPDictionary",
	Route:   "POST /agent/v1/dlp/dictionaries",
	Tag:     section,
	Summary: "Create a dictionary without entries.",
	About: "Names are unique, without differences of case. uploadDLPDictionary gives it entries. " +
		"A company has at most 100 dictionaries.",
	Needs:           auth.All(auth.ManageExpressionFilters),
	KeyManagerToken: true,
	Handle:          op.Write((*Service).createDictionary),
}

type createDictionaryInput struct {
	Body struct {
		Name string         `json:"name" maxLength:"30" refusal:"Dictionary name must not exceed 30 characters"`
		Type DictionaryType `json:"type" doc:"Word if it is absent."`
	}
}

func (in createDictionaryInput) Validate() error {
	if _, known := enumOf(in.Body.Type); !known && in.Body.Type != "" {
		return apierr.Invalid("type: one of %v is expected", in.Body.Type.Enum())
	}
	return checkName("Dictionary", in.Body.Name)
}

// checkName returns an error for what is not the name of a policy or a dictionary.
func checkName(of, name string) error {
	if strings.TrimSpace(name) == "" {
		return apierr.Invalid("%s name is required", of)
	}
	return wording.Line("name", strings.TrimSpace(name))
}

// enumOf returns the published value that a text is, and whether there is one.
func enumOf[T interface {
	~string
	Enum() []string
}](text T) (T, bool) {
	for _, value := range text.Enum() {
		if string(text) == value {
			return text, true
		}
	}
	return "", false
}

func (s *Service) createDictionary(tx *db.Tx, caller auth.Caller, in createDictionaryInput) (MetadataResponse, error) {
	if err := hold(tx, caller.Company); err != nil {
		return MetadataResponse{}, err
	}
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM dlp_dictionaries WHERE company = $1`, caller.Company)
	if err != nil {
		return MetadataResponse{}, err
	}
	if n >= maxDictionaries {
		return MetadataResponse{}, apierr.Invalid("There are %d dictionaries already, which is the most", n)
	}
	d := dictionary{
		company: caller.Company, id: newID(tx.Now()), name: strings.TrimSpace(in.Body.Name), kind: in.Body.Type, version: firstVersion,
		creator: caller.User, created: tx.Now(), updated: tx.Now(),
	}
	if d.kind == "" {
		d.kind = Word
	}
	place, err := tx.Next("places")
	if err != nil {
		return MetadataResponse{}, err
	}
	err = tx.Exec(`
		INSERT INTO dlp_dictionaries (company, id, place, name, folded, type, version, entries, cost, creator, created, updated)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9, $10)`,
		d.company, d.id, place, d.name, wording.Fold(d.name), d.kind, d.version, d.creator, d.created, d.updated)
	if err != nil {
		return MetadataResponse{}, nameTaken(err)
	}
	if err := d.addVersion(tx, ""); err != nil {
		return MetadataResponse{}, err
	}
	return d.response(), s.Journal.Record(tx, caller, journal.Thing(d.id), DictionaryCreated{Name: d.name, Type: d.kind})
}

// nameTaken returns the refusal of a name that another dictionary or policy has.
func nameTaken(err error) error {
	switch db.Conflict(err) {
	case "dlp_dictionaries_by_name":
		return apierr.Invalid("Dictionary name already exists")
	case "dlp_policies_by_name":
		return apierr.Invalid("Policy name already exists")
	}
	return err
}

var updateDictionary = op.Operation[Service]{
	ID:      "updateDLPDictionary",
	Route:   "PUT /agent/v1/dlp/dictionaries/{dictId}",
	Tag:     section,
	Summary: "Rename a dictionary.",
	About:   "The dictionary, and each policy that uses it, get a new version.",
	Needs:   auth.All(auth.ManageExpressionFilters),

	KeyManagerToken: true,
	Handle:          op.Write((*Service).updateDictionary),
}

type updateDictionaryInput struct {
	ID   string `path:"dictId" maxLength:"128"`
	Body struct {
		Name string `json:"name" maxLength:"30" refusal:"Dictionary name must not exceed 30 characters"`
	}
}

func (in updateDictionaryInput) Validate() error { return checkName("Dictionary", in.Body.Name) }

func (s *Service) updateDictionary(tx *db.Tx, caller auth.Caller, in updateDictionaryInput) (MetadataResponse, error) {
	if err := hold(tx, caller.Company); err != nil {
		return MetadataResponse{}, err
	}
	d, err := findDictionary(tx, caller.Company, in.ID)
	if err != nil {
		return MetadataResponse{}, err
	}
	name := strings.TrimSpace(in.Body.Name)
	if name == d.name {
		return d.response(), nil
	}
	_, content, err := d.atVersion(tx, 0, true)
	if err != nil {
		return MetadataResponse{}, err
	}
	d.name = name
	return s.save(tx, caller, d, content)
}

// save stores a new version of a dictionary, and new versions of the policies that use it.
func (s *Service) save(tx *db.Tx, caller auth.Caller, d dictionary, content string) (MetadataResponse, error) {
	d.version, d.updated = d.version.next(), tx.Now()
	err := tx.Change(`
		UPDATE dlp_dictionaries
		SET name = $3, folded = $4, version = $5, entries = $6, cost = $7, updated = $8
		WHERE company = $1 AND id = $2`, d.company, d.id, d.name, wording.Fold(d.name), d.version, d.entries, d.cost, d.updated)
	if err != nil {
		return MetadataResponse{}, nameTaken(err)
	}
	if err := d.addVersion(tx, content); err != nil {
		return MetadataResponse{}, err
	}
	changed := DictionaryChanged{Name: d.name, Version: d.version.String(), Entries: d.entries}
	if changed.Policies, err = s.refresh(tx, caller, d.id, func(r *Ref) bool { *r = d.ref(); return true }); err != nil {
		return MetadataResponse{}, err
	}
	return d.response(), s.Journal.Record(tx, caller, journal.Thing(d.id), changed)
}

var deleteDictionary = op.Operation[Service]{
	ID:      "deleteDLPDictionary",
	Route:   "DELETE /agent/v1/dlp/dictionaries/{dictId}",
	Tag:     section,
	Summary: "Delete a dictionary.",
	About: "Each policy that uses it loses it and gets a new version. A policy that is left " +
		"without anything to look for is disabled.",
	Needs:           auth.All(auth.ManageExpressionFilters),
	KeyManagerToken: true,
	Handle:          op.Write((*Service).deleteDictionary),
}

type dictionaryInput struct {
	ID string `path:"dictId" maxLength:"128"`
}

func (s *Service) deleteDictionary(tx *db.Tx, caller auth.Caller, in dictionaryInput) (MetadataResponse, error) {
	if err := hold(tx, caller.Company); err != nil {
		return MetadataResponse{}, err
	}
	d, err := findDictionary(tx, caller.Company, in.ID)
	if err != nil {
		return MetadataResponse{}, err
	}
	if err := tx.Change(`DELETE FROM dlp_dictionaries WHERE company = $1 AND id = $2`, d.company, d.id); err != nil {
		return MetadataResponse{}, err
	}
	if err := tx.Exec(`DELETE FROM dlp_dictionary_versions WHERE company = $1 AND dictionary = $2`, d.company, d.id); err != nil {
		return MetadataResponse{}, err
	}
	deleted := DictionaryDeleted{Name: d.name}
	if deleted.Policies, err = s.refresh(tx, caller, d.id, func(*Ref) bool { return false }); err != nil {
		return MetadataResponse{}, err
	}
	return d.response(), s.Journal.Record(tx, caller, journal.Thing(d.id), deleted)
}
