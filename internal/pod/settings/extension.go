package settings

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Extension is the end of files' names that tells their type: a dot and what follows it, in lower case.
type Extension string

// maxExtension is the published limit in characters, the dot among them.
const maxExtension = 64

// UnmarshalText reads an extension in any case, with its dot or without.
func (e *Extension) UnmarshalText(text []byte) error {
	name := strings.ToLower(strings.TrimPrefix(string(text), "."))
	switch {
	case utf8.RuneCountInString(name)+1 > maxExtension:
		return apierr.Invalid("Invalid value for extension: it is longer than %d characters", maxExtension)
	case name == "" || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.ContainsFunc(name, notInNames):
		return apierr.Invalid("Invalid value for extension: the end of a file's name is expected, such as .txt")
	}
	*e = Extension("." + name)
	return nil
}

// notInNames returns what no file's name has, on one system or another.
func notInNames(r rune) bool {
	return unicode.IsSpace(r) || wording.Ignorable(r) || !unicode.IsPrint(r) || strings.ContainsRune(`/\:*?"<>|`, r)
}

// Source tells where an extension comes from.
type Source string

// The published sources.
const (
	System   Source = "SYSTEM"   // the product knows it
	Customer Source = "CUSTOMER" // the company has added it
)

// Enum lists the published values.
func (Source) Enum() []string { return []string{string(System), string(Customer)} }

// FileExtension is where files of a type may be sent: the published object, with its underscores.
type FileExtension struct {
	Extension Extension `json:"extension"`
	Internal  bool      `json:"scope_internal" doc:"Within the company."`
	External  bool      `json:"scope_external" doc:"To other companies."`
	CrossPod  bool      `json:"scope_xpod" doc:"From other companies."`
	Source    Source    `json:"source" doc:"SYSTEM: the product knows it. CUSTOMER: the company has added it."`
}

// known is the extensions that the product knows. A company that has decided nothing about one lets its files be
// sent everywhere. Nothing here is a program, or carries one that starts when it is opened.
var known = strings.Fields(`
	.7z .aac .avi .bmp .csv .doc .docx .eml .flac .gif .gz .heic .heif .ics .jpeg .jpg .json .key .log .m4a .m4v .md .mkv .mov
	.mp3 .mp4 .mpeg .mpg .msg .numbers .odp .ods .odt .ogg .one .pages .pdf .png .pps .ppsx .ppt .pptx .rtf .tar .tif .tiff
	.tsv .txt .vcf .vsd .vsdx .wav .webm .webp .wma .wmv .xls .xlsb .xlsx .xml .xps .yaml .yml .zip`)

func isKnown(e Extension) bool { return slices.Contains(known, string(e)) }

// extensionsOf returns a company's file extensions, in the order of the alphabet. Its rows tell what it has decided
// otherwise than by default.
func extensionsOf(tx *db.Tx, company wire.CompanyID) ([]FileExtension, error) {
	type decision struct {
		FileExtension
		removed bool
	}
	decisions, err := db.All(tx, func(row db.Row) (d decision, err error) {
		return d, row.Scan(&d.Extension, &d.removed, &d.Internal, &d.External, &d.CrossPod, &d.Source)
	}, `
		SELECT extension, removed, internal, external, cross_pod, source
		FROM file_extensions
		WHERE company = $1`, company)
	if err != nil {
		return nil, err
	}
	decided := make(map[Extension]bool, len(decisions))
	list := make([]FileExtension, 0, len(decisions)+len(known))
	for _, d := range decisions {
		decided[d.Extension] = true
		if !d.removed {
			list = append(list, d.FileExtension)
		}
	}
	for _, name := range known {
		if e := Extension(name); !decided[e] {
			list = append(list, FileExtension{Extension: e, Internal: true, External: true, CrossPod: true, Source: System})
		}
	}
	slices.SortFunc(list, byName)
	return list, nil
}

func byName(a, b FileExtension) int { return cmp.Compare(a.Extension, b.Extension) }

// find returns where an extension stands, or would stand, in a list in the order of the alphabet.
func find(list []FileExtension, e Extension) (place int, found bool) {
	return slices.BinarySearchFunc(list, FileExtension{Extension: e}, byName)
}

// save stores what a company has decided about an extension.
func save(tx *db.Tx, company wire.CompanyID, e FileExtension) error {
	return tx.Exec(`
		INSERT INTO file_extensions (company, extension, removed, internal, external, cross_pod, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (company, extension) DO UPDATE
		SET removed = excluded.removed, internal = excluded.internal, external = excluded.external,
			cross_pod = excluded.cross_pod, source = excluded.source`,
		company, e.Extension, false, e.Internal, e.External, e.CrossPod, e.Source)
}

// remove has a company be without an extension. Of one that the product knows a row is left that tells so.
func remove(tx *db.Tx, company wire.CompanyID, e Extension) error {
	if !isKnown(e) {
		return tx.Change(`DELETE FROM file_extensions WHERE company = $1 AND extension = $2`, company, e)
	}
	return tx.Exec(`
		INSERT INTO file_extensions (company, extension, removed, internal, external, cross_pod, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (company, extension) DO UPDATE SET removed = excluded.removed`,
		company, e, true, false, false, false, System)
}

// tooMany refuses an extension more than a company may have.
func tooMany(list []FileExtension) error {
	own := 0
	for _, e := range list {
		if !isKnown(e.Extension) {
			own++
		}
	}
	if own >= most {
		return apierr.Invalid("extension: the company has %d of its own already, which is the most", most)
	}
	return nil
}
