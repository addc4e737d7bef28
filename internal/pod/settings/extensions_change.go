package settings

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/op"
)

// fileAdministrator is the need of operations that decide about file types. The published privilege
// belongs to the role that manages the company's content filters; that the two administrators of a
// company may, too, is our choice.
var fileAdministrator = auth.Any(auth.ManageFileExtensions, auth.ModifyPodEntitlements, auth.AccessUserProvisioningAPI)

var setFileExtension = op.Operation[Service]{
	ID:      "setFileExtension",
	Route:   "PUT " + extensionsPath + "/{extension}",
	Tag:     "FileExtensions",
	Summary: "Set where files of a type may be sent.",
	About: "Extensions are accepted in any case, in the path with or without the dot. An " +
		"omitted scope is not allowed; an omitted source remains unchanged.",
	Needs:  fileAdministrator,
	Handle: op.Write((*Service).setFileExtension),
}

// FileExtensionChange is a decision about an extension.
type FileExtensionChange struct {
	Extension Extension `json:"extension" maxLength:"64" refusal:"Invalid value for extension: it is longer than 64 characters" doc:"As in the path."`
	Internal  bool      `json:"scope_internal" doc:"Within the company."`
	External  bool      `json:"scope_external" doc:"To other companies."`
	CrossPod  bool      `json:"scope_xpod" doc:"From other companies."`
	Source    *Source   `json:"source" doc:"SYSTEM is for known types."`
}

type setFileExtensionInput struct {
	Extension Extension `path:"extension" maxLength:"64" refusal:"Invalid value for extension: it is longer than 64 characters"`
	Body      FileExtensionChange
}

func (in setFileExtensionInput) Validate() error {
	b := in.Body
	switch {
	case b.Extension == "":
		return apierr.Invalid("extension: it is required")
	case b.Extension != in.Extension:
		return apierr.Invalid("extension: the path names %s, the body %s", in.Extension, b.Extension)
	case b.Source != nil && !slices.Contains(b.Source.Enum(), string(*b.Source)):
		return apierr.Invalid("source: one of %v is expected", b.Source.Enum())
	case b.Source != nil && *b.Source == System && !isKnown(b.Extension):
		return apierr.Invalid("source: %s is not known to the system, so that it is CUSTOMER", b.Extension)
	}
	return nil
}

// FileExtensionSet is recorded when a company decides where files of a type may be sent.
type FileExtensionSet struct {
	Extension string `json:"extension"`
	Internal  bool   `json:"internal"`
	External  bool   `json:"external"`
	CrossPod  bool   `json:"crossPod"`
	Source    Source `json:"source"`
}

// Kind returns the name of this fact in the log.
func (FileExtensionSet) Kind() string { return "fileExtension.set" }

// Audience returns the company of the actor.
func (FileExtensionSet) Audience() journal.Audience { return journal.Within() }

// AuditLine shows where files of the type may be sent: [internal,external,crossPod].
func (f FileExtensionSet) AuditLine(of journal.Entry) journal.Line {
	scopes := []string{}
	for _, scope := range []struct {
		name string
		may  bool
	}{{"internal", f.Internal}, {"external", f.External}, {"crossPod", f.CrossPod}} {
		if scope.may {
			scopes = append(scopes, scope.name)
		}
	}
	return journal.Action("fileExtensionUpdated", "File extension updated").Of(of.Subject.ID).Now(scopes)
}

func (s *Service) setFileExtension(tx *db.Tx, caller auth.Caller, in setFileExtensionInput) (FileExtension, error) {
	list, err := lockedExtensions(tx, caller)
	if err != nil {
		return FileExtension{}, err
	}
	next := FileExtension{
		Extension: in.Extension, Internal: in.Body.Internal, External: in.Body.External, CrossPod: in.Body.CrossPod, Source: Customer,
	}
	place, found := find(list, in.Extension)
	switch {
	case in.Body.Source != nil:
		next.Source = *in.Body.Source
	case found:
		next.Source = list[place].Source
	case isKnown(in.Extension):
		next.Source = System
	}
	if found && list[place] == next {
		return next, nil
	}
	if !found && !isKnown(in.Extension) {
		if err := tooMany(list); err != nil {
			return FileExtension{}, err
		}
	}
	if err := save(tx, caller.Company, next); err != nil {
		return FileExtension{}, err
	}
	return next, s.Journal.Record(tx, caller, journal.Thing(string(next.Extension)), FileExtensionSet{
		Extension: string(next.Extension), Internal: next.Internal, External: next.External, CrossPod: next.CrossPod, Source: next.Source,
	})
}

var removeFileExtension = op.Operation[Service]{
	ID:      "removeFileExtension",
	Route:   "DELETE " + extensionsPath + "/{extension}",
	Tag:     "FileExtensions",
	Summary: "Disallow files of a type.",
	About:   "An unknown extension is no error.",
	Needs:   fileAdministrator,
	Success: 204,
	Handle:  op.Write((*Service).removeFileExtension),
}

type removeFileExtensionInput struct {
	Extension Extension `path:"extension" maxLength:"64" refusal:"Invalid value for extension: it is longer than 64 characters"`
}

// FileExtensionRemoved is recorded when a company removes a file type.
type FileExtensionRemoved struct {
	Extension string `json:"extension"`
}

// Kind returns the name of this fact in the log.
func (FileExtensionRemoved) Kind() string { return "fileExtension.removed" }

// Audience returns the company of the actor.
func (FileExtensionRemoved) Audience() journal.Audience { return journal.Within() }

// AuditLine names the extension.
func (FileExtensionRemoved) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("fileExtensionRemoved", "File extension removed").Of(of.Subject.ID)
}

func (s *Service) removeFileExtension(tx *db.Tx, caller auth.Caller, in removeFileExtensionInput) (nothing, error) {
	list, err := lockedExtensions(tx, caller)
	if err != nil {
		return nothing{}, err
	}
	if _, found := find(list, in.Extension); !found {
		return nothing{}, nil
	}
	if err := remove(tx, caller.Company, in.Extension); err != nil {
		return nothing{}, err
	}
	return nothing{}, s.Journal.Record(tx, caller, journal.Thing(string(in.Extension)), FileExtensionRemoved{string(in.Extension)})
}

// lockedExtensions locks the file extensions of the caller's company until commit, and returns
// them.
func lockedExtensions(tx *db.Tx, caller auth.Caller) ([]FileExtension, error) {
	if err := tx.Lock(lock.FileExtensionsOf(caller.Company)); err != nil {
		return nil, err
	}
	return Extensions(tx, caller.Company)
}
