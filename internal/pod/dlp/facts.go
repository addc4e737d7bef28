package dlp

import "podium/internal/journal"

// Facts lists the facts of this chapter, of each kind one.
func Facts() []journal.Fact {
	return []journal.Fact{
		DictionaryCreated{}, DictionaryChanged{}, DictionaryDeleted{}, PolicyCreated{}, PolicyChanged{}, PolicyDeleted{}, PolicyActivated{},
	}
}

// within is the audience of the facts of this chapter: the company of the actor.
type within struct{}

// Audience returns the company of the actor.
func (within) Audience() journal.Audience { return journal.Within() }

// DictionaryCreated is recorded when a dictionary is created.
type DictionaryCreated struct {
	within
	Name string         `json:"name"`
	Type DictionaryType `json:"type"`
}

// Kind returns the name of this fact in the log.
func (DictionaryCreated) Kind() string { return "dlp.dictionaryCreated" }

// AuditLine shows the name.
func (f DictionaryCreated) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("dlpDictionaryCreated", "DLP dictionary created").Of(of.Subject.ID).Now(f.Name)
}

// DictionaryChanged is recorded when a dictionary is renamed or gets another content. It omits the
// content, which may be secret.
type DictionaryChanged struct {
	within
	Name     string   `json:"name"`
	Version  string   `json:"version"`
	Entries  int64    `json:"entries"`
	Policies []string `json:"policies"` // the ids of those that use it, and have a new version
}

// Kind returns the name of this fact in the log.
func (DictionaryChanged) Kind() string { return "dlp.dictionaryChanged" }

// AuditLine shows the name, the version and how many entries there are.
func (f DictionaryChanged) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("dlpDictionaryUpdated", "DLP dictionary updated").Of(of.Subject.ID).Now([]any{f.Name, f.Version, f.Entries})
}

// DictionaryDeleted is recorded when a dictionary is deleted.
type DictionaryDeleted struct {
	within
	Name     string   `json:"name"`
	Policies []string `json:"policies"` // the ids of those that used it, and have a new version
}

// Kind returns the name of this fact in the log.
func (DictionaryDeleted) Kind() string { return "dlp.dictionaryDeleted" }

// AuditLine shows the name.
func (f DictionaryDeleted) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("dlpDictionaryDeleted", "DLP dictionary deleted").Of(of.Subject.ID).Now(f.Name)
}

// PolicyCreated is recorded when a policy is created.
type PolicyCreated struct {
	within
	Name   string   `json:"name"`
	Scopes []string `json:"scopes"`
}

// Kind returns the name of this fact in the log.
func (PolicyCreated) Kind() string { return "dlp.policyCreated" }

// AuditLine shows the name.
func (f PolicyCreated) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("dlpPolicyCreated", "DLP policy created").Of(of.Subject.ID).Now(f.Name)
}

// PolicyChanged is recorded when a policy is replaced.
type PolicyChanged struct {
	within
	Name    string   `json:"name"`
	Version string   `json:"version"`
	Scopes  []string `json:"scopes"`
}

// Kind returns the name of this fact in the log.
func (PolicyChanged) Kind() string { return "dlp.policyChanged" }

// AuditLine shows the name and the version.
func (f PolicyChanged) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("dlpPolicyUpdated", "DLP policy updated").Of(of.Subject.ID).Now([]string{f.Name, f.Version})
}

// PolicyDeleted is recorded when a policy is deleted.
type PolicyDeleted struct {
	within
	Name string `json:"name"`
}

// Kind returns the name of this fact in the log.
func (PolicyDeleted) Kind() string { return "dlp.policyDeleted" }

// AuditLine shows the name.
func (f PolicyDeleted) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("dlpPolicyDeleted", "DLP policy deleted").Of(of.Subject.ID).Now(f.Name)
}

// PolicyActivated is recorded when a policy is enabled or disabled.
type PolicyActivated struct {
	within
	Name   string `json:"name"`
	Active bool   `json:"active"`
}

// Kind returns the name of this fact in the log.
func (PolicyActivated) Kind() string { return "dlp.policyActivated" }

// AuditLine shows the name.
func (f PolicyActivated) AuditLine(of journal.Entry) journal.Line {
	if f.Active {
		return journal.Action("dlpPolicyEnabled", "DLP policy enabled").Of(of.Subject.ID).Now(f.Name)
	}
	return journal.Action("dlpPolicyDisabled", "DLP policy disabled").Of(of.Subject.ID).Now(f.Name)
}
