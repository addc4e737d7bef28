package contentexport

import (
	"errors"
	"slices"
	"strings"
	"time"

	"podium/internal/journal"
	"podium/internal/wire"
)

// FileType is the type of a file.
type FileType string

const contentExport FileType = "ContentExport"

// Enum returns the published value.
func (FileType) Enum() []string { return []string{string(contentExport)} }

// UnmarshalText accepts the value in its exact spelling.
func (t *FileType) UnmarshalText(text []byte) error {
	*t = FileType(text)
	if *t != contentExport {
		return errors.New("ContentExport is expected")
	}
	return nil
}

// JobType is what made a file.
type JobType string

// The published types. No file is of type CURL.
const (
	AdHoc     JobType = "ADHOC"     // requested by the operator
	Scheduled JobType = "SCHEDULED" // by the company's setting
)

// Enum returns the published values.
func (JobType) Enum() []string { return []string{string(AdHoc), string(Scheduled), "CURL"} }

// UnmarshalText accepts a value in any case.
func (t *JobType) UnmarshalText(text []byte) error {
	*t = JobType(strings.ToUpper(string(text)))
	return oneOf(string(*t), t.Enum())
}

// Format is the format of a file.
type Format string

const symphony Format = "SYMPHONY"

// Enum returns the published values. All files are of format SYMPHONY.
func (Format) Enum() []string { return []string{"ACTIANCE", string(symphony), "EML"} }

// UnmarshalText accepts a value in any case.
func (f *Format) UnmarshalText(text []byte) error {
	*f = Format(strings.ToUpper(string(text)))
	return oneOf(string(*f), f.Enum())
}

func oneOf(value string, values []string) error {
	if !slices.Contains(values, value) {
		return errors.New("one of these is expected: " + strings.Join(values, ", "))
	}
	return nil
}

// Instant is a time as this API writes it: 2024-05-15T10:00:00Z.
type Instant struct{ at wire.Time }

// MarshalJSON writes the time in UTC, as text.
func (i Instant) MarshalJSON() ([]byte, error) {
	return []byte(i.at.Std().Format(`"2006-01-02T15:04:05.999Z07:00"`)), nil
}

// UnmarshalText accepts a time of RFC 3339. In a query, the sign + of an offset may have become a
// space.
func (i *Instant) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.RFC3339, strings.ReplaceAll(string(text), " ", "+"))
	if err != nil {
		return errors.New("a time as 2024-05-15T10:00:00Z is expected")
	}
	i.at = wire.TimeOf(t)
	return nil
}

// Limits returns the limits of a time.
func (Instant) Limits() wire.Limits { return wire.AtMost(40) }

// JSONAs returns a value of the type that its JSON has.
func (Instant) JSONAs() any { return time.Time{} }

// Day is a date: 2024-05-15.
type Day string

// UnmarshalText accepts a date that exists.
func (d *Day) UnmarshalText(text []byte) error {
	if _, err := time.Parse(time.DateOnly, string(text)); err != nil {
		return errors.New("a date as 2024-05-15 is expected")
	}
	*d = Day(text)
	return nil
}

// Limits returns the limits of a date.
func (Day) Limits() wire.Limits { return wire.AtMost(10) }

// file is a row of export_files.
type file struct {
	id, job, name, sha256 string
	part, size            int64
	jobType               JobType
	format                Format
	starts, ends          wire.Time
	uploaded              wire.Time
	generated             Day
}

func (f file) subject() journal.Subject { return journal.Subject{ID: f.id, Name: f.name} }

// FileMetadata describes a file.
type FileMetadata struct {
	ID            string         `json:"id"`
	Name          string         `json:"name"`
	Size          int64          `json:"size" doc:"Bytes."`
	UploadTime    Instant        `json:"uploadTime"`
	ContentType   string         `json:"contentType"`
	IntegrityHash string         `json:"integrityHash" doc:"The SHA-256 of the file, in hexadecimal digits."`
	Type          FileType       `json:"type"`
	Specific      ExportMetadata `json:"typeSpecificMetadata"`
}

// ExportMetadata describes what a file holds.
type ExportMetadata struct {
	JobType        JobType `json:"jobType"`
	FileFormat     Format  `json:"fileFormat"`
	StartTime      Instant `json:"startTime"`
	EndTime        Instant `json:"endTime"`
	GenerationDate Day     `json:"generationDate"`
}

// zipType is the media type of all files.
const zipType = "application/zip"

func (f file) metadata() FileMetadata {
	return FileMetadata{
		ID: f.id, Name: f.name, Size: f.size, UploadTime: Instant{f.uploaded}, ContentType: zipType, IntegrityHash: f.sha256, Type: contentExport,
		Specific: ExportMetadata{
			JobType: f.jobType, FileFormat: f.format, StartTime: Instant{f.starts}, EndTime: Instant{f.ends}, GenerationDate: f.generated,
		},
	}
}
