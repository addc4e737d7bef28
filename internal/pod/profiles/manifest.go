package profiles

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/internal/wording"
)

// maxManifest is the longest manifest, in characters (published).
const maxManifest = 6144

var getManifest = op.Operation[Service]{
	ID:      "getOwnManifest",
	Route:   "GET /pod/v1/user/manifest/own",
	Tag:     "User",
	Summary: "Read the calling service account's manifest: the commands that it understands.",
	About:   "Empty until the account has set one. People have none.",
	Needs:   auth.AnyUser,
	Handle:  op.Read((*Service).getManifest),
}

// Manifest lists the commands that a service account understands.
type Manifest struct {
	Manifest string `json:"manifest" maxLength:"6144" doc:"A JSON document: commands with name, desc, example and args."`
}

func (s *Service) getManifest(tx *db.Tx, caller auth.Caller, _ struct{}) (Manifest, error) {
	if err := serviceOnly(caller); err != nil {
		return Manifest{}, err
	}
	text, err := db.Value[string](tx, `SELECT manifest FROM user_manifests WHERE user_id = $1 AND company = $2`, caller.User, caller.Company)
	if errors.Is(err, db.ErrNoRow) {
		return Manifest{}, nil
	}
	return Manifest{Manifest: text}, err
}

var updateManifest = op.Operation[Service]{
	ID:      "updateOwnManifest",
	Route:   "POST /pod/v1/user/manifest/own",
	Tag:     "User",
	Summary: "Set the calling service account's manifest.",
	About: "The manifest is a JSON document in a string, at most 6,144 characters. It is " +
		"stored as given.",
	Needs:  auth.AnyUser,
	Handle: op.Write((*Service).updateManifest),
}

type updateManifestInput struct{ Body Manifest }

func (in updateManifestInput) Validate() error {
	switch text := in.Body.Manifest; {
	case text == "":
		return apierr.Invalid("manifest: it is required")
	case utf8.RuneCountInString(text) > maxManifest:
		return apierr.Invalid("manifest: it has more than %d characters", maxManifest)
	case !json.Valid([]byte(text)):
		return apierr.Invalid("manifest: it is not valid JSON")
	}
	return checkTokens(in.Body.Manifest)
}

// checkTokens returns an error for a document with a text that package wording refuses.
func checkTokens(document string) error {
	decoder := json.NewDecoder(strings.NewReader(document))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return apierr.Invalid("manifest: it is not valid JSON")
		}
		if value, ok := token.(string); ok {
			if err := wording.Prose("manifest", value); err != nil {
				return err
			}
			scheme, rest, _ := strings.Cut(strings.TrimSpace(value), ":")
			if wording.Running(scheme) && rest != "" && !strings.ContainsFunc(rest, unicode.IsSpace) {
				return apierr.Invalid("manifest: a %s link would run what its writer has put there", strings.ToLower(scheme))
			}
		}
	}
}

func (s *Service) updateManifest(tx *db.Tx, caller auth.Caller, in updateManifestInput) (wire.Success, error) {
	if err := serviceOnly(caller); err != nil {
		return wire.Success{}, err
	}
	err := tx.Exec(`
		INSERT INTO user_manifests (user_id, company, manifest, updated)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id) DO UPDATE SET manifest = excluded.manifest, updated = excluded.updated`,
		caller.User, caller.Company, in.Body.Manifest, tx.Now())
	if err != nil {
		return wire.Success{}, err
	}
	self := accounts.User{ID: caller.User, Attributes: accounts.Attributes{Username: caller.Username, Email: caller.Email}}
	return wire.Done("OK"), s.Journal.Record(tx, caller, self.Subject(), ManifestChanged{})
}

// ManifestChanged is recorded when a service account changes its manifest.
type ManifestChanged struct{}

// Kind returns the name of this fact in the log.
func (ManifestChanged) Kind() string { return "user.manifestChanged" }

// Audience returns the company of the actor.
func (ManifestChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (ManifestChanged) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByThemselves)
}

func serviceOnly(caller auth.Caller) error {
	if caller.AccountType != auth.System {
		return apierr.Forbidden("only service accounts have a manifest")
	}
	return nil
}
