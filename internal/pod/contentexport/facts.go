package contentexport

import (
	"podium/internal/journal"
	"podium/internal/wire"
)

// Facts lists the facts of this chapter, of each kind one.
func Facts() []journal.Fact {
	return []journal.Fact{JobCreated{}, FileCreated{}, FileDeleted{}, MetadataRead{}, LinkMade{}, Downloaded{}}
}

// JobCreated is recorded when an export begins: by the company's setting, or by the operator.
type JobCreated struct {
	Type   string    `json:"type"` // SCHEDULED, ADHOC
	Starts wire.Time `json:"starts"`
	Ends   wire.Time `json:"ends"`
}

// Kind returns the name of this fact in the log.
func (JobCreated) Kind() string { return "export.jobCreated" }

// Audience returns the company of the actor.
func (JobCreated) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (JobCreated) AuditLine(journal.Entry) journal.Line { return unaudited }

// FileCreated is recorded when a file of an export can be downloaded. The file is the subject.
type FileCreated struct {
	Job      string `json:"job"`
	Part     int64  `json:"part"`
	Messages int    `json:"messages"` // how many it holds
	SHA256   string `json:"sha256"`
}

// Kind returns the name of this fact in the log.
func (FileCreated) Kind() string { return "export.fileCreated" }

// Audience returns the company of the actor.
func (FileCreated) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (FileCreated) AuditLine(journal.Entry) journal.Line { return unaudited }

// FileDeleted is recorded when a file is deleted because its time is over. The file is the subject.
type FileDeleted struct{}

// Kind returns the name of this fact in the log.
func (FileDeleted) Kind() string { return "export.fileDeleted" }

// Audience returns the company of the actor.
func (FileDeleted) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (FileDeleted) AuditLine(journal.Entry) journal.Line { return unaudited }

// MetadataRead is recorded when a user reads the metadata of a file. The file is the subject.
type MetadataRead struct{}

// Kind returns the name of this fact in the log.
func (MetadataRead) Kind() string { return "export.metadataRead" }

// Audience returns the company of the actor.
func (MetadataRead) Audience() journal.Audience { return journal.Within() }

// AuditLine shows the file.
func (MetadataRead) AuditLine(journal.Entry) journal.Line {
	return journal.Action("contentExportMetadataRead", "Content export file metadata read")
}

// LinkMade is recorded when a user gets a link to a file. The file is the subject.
type LinkMade struct {
	Expires wire.Time `json:"expires"`
}

// Kind returns the name of this fact in the log.
func (LinkMade) Kind() string { return "export.linkMade" }

// Audience returns the company of the actor.
func (LinkMade) Audience() journal.Audience { return journal.Within() }

// AuditLine shows the file.
func (LinkMade) AuditLine(journal.Entry) journal.Line {
	return journal.Action("contentExportLinkMade", "Content export file link made")
}

// Downloaded is recorded when a file is sent to the holder of a link, whom the pod does not know.
// The file is the subject.
type Downloaded struct {
	Address string `json:"address"` // the IP address
}

// Kind returns the name of this fact in the log.
func (Downloaded) Kind() string { return "export.downloaded" }

// Audience returns the company of the actor.
func (Downloaded) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Downloaded) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited("The link names no user. The trail shows who got it.")
}

var unaudited = journal.Unaudited("The pod itself or its operator does it, not an administrator.")
