package companies

import (
	"fmt"
	"slices"
	"time"

	"podium/internal/apierr"
)

// ExportPeriod is how often a company's content is exported into files.
type ExportPeriod string

// The choices.
const (
	NoExport     ExportPeriod = "off" // the default
	HourlyExport ExportPeriod = "hourly"
	DailyExport  ExportPeriod = "daily"
)

// Enum returns the choices.
func (ExportPeriod) Enum() []string {
	return []string{string(NoExport), string(HourlyExport), string(DailyExport)}
}

// UnmarshalText accepts a choice in its exact spelling.
func (p *ExportPeriod) UnmarshalText(text []byte) error {
	if !slices.Contains(p.Enum(), string(text)) {
		return fmt.Errorf("one of %v is expected", p.Enum())
	}
	*p = ExportPeriod(text)
	return nil
}

// Length returns the length of a period; 0 if there is no export.
func (p ExportPeriod) Length() time.Duration {
	switch p {
	case HourlyExport:
		return time.Hour
	case DailyExport:
		return 24 * time.Hour
	}
	return 0
}

// How long export files are kept: the bounds keep a company's list of files short.
const (
	DefaultExportKept = 30 * 24 * time.Hour
	minExportKept     = 24 * time.Hour
	maxExportKept     = 366 * 24 * time.Hour
)

func (c Company) checkExport() error {
	switch {
	case !slices.Contains(c.ContentExport.Enum(), string(c.ContentExport)):
		return apierr.Invalid("content export: one of %v is expected", c.ContentExport.Enum())
	case c.ContentExportKept < minExportKept || c.ContentExportKept > maxExportKept:
		return apierr.Invalid("content export kept: it is between a day and 366 days")
	}
	return nil
}
