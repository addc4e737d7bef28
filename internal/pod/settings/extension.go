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

// Extension is a file name extension: a dot and the text after it, in lower case.
type Extension string

// maxExtension is the published limit in characters, including the dot.
const maxExtension = 64

// UnmarshalText accepts an extension in any case, with or without the dot.
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

// notInNames reports whether a character is forbidden in file names on some system.
func notInNames(r rune) bool {
	return unicode.IsSpace(r) || wording.Ignorable(r) || !unicode.IsPrint(r) || strings.ContainsRune(`/\:*?"<>|`, r)
}

// Source is where an extension comes from.
type Source string

// The published sources.
const (
	System   Source = "SYSTEM"   // known to the product
	Customer Source = "CUSTOMER" // added by the company
)

// Enum returns the published values.
func (Source) Enum() []string { return []string{string(System), string(Customer)} }

// FileExtension says where files of a type may be sent: the published object, with its underscores.
type FileExtension struct {
	Extension Extension `json:"extension"`
	Internal  bool      `json:"scope_internal" doc:"Within the company."`
	External  bool      `json:"scope_external" doc:"To other companies."`
	CrossPod  bool      `json:"scope_xpod" doc:"From other companies."`
	Source    Source    `json:"source" doc:"SYSTEM: a known type. CUSTOMER: added by the company."`
}

// known lists the extensions that the product knows. By default a company allows them everywhere.
// None of them is a program, or contains one that runs when it is opened.
var known = strings.Fields(`
	.7z .aac .avi .bmp .csv .doc .docx .eml .flac .gif .gz .heic .heif .ics .jpeg .jpg .json .key .log .m4a .m4v .md .mkv .mov
	.mp3 .mp4 .mpeg .mpg .msg .numbers .odp .ods .odt .ogg .one .pages .pdf .png .pps .ppsx .ppt .pptx .rtf .tar .tif .tiff
	.tsv .txt .vcf .vsd .vsdx .wav .webm .webp .wma .wmv .xls .xlsb .xlsx .xml .xps .yaml .yml .zip`)

func isKnown(e Extension) bool { return slices.Contains(known, string(e)) }

// Extensions returns a company's file extensions in alphabetical order. The database holds only
// decisions that differ from the default.
func Extensions(tx *db.Tx, company wire.CompanyID) ([]FileExtension, error) {
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

// find returns the index of an extension in a sorted list, or where it would be inserted, and
// whether it is there.
func find(list []FileExtension, e Extension) (place int, found bool) {
	return slices.BinarySearchFunc(list, FileExtension{Extension: e}, byName)
}

// save stores a company's decision about an extension.
func save(tx *db.Tx, company wire.CompanyID, e FileExtension) error {
	return tx.Exec(`
		INSERT INTO file_extensions (company, extension, removed, internal, external, cross_pod, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (company, extension) DO UPDATE
		SET removed = excluded.removed, internal = excluded.internal, external = excluded.external,
			cross_pod = excluded.cross_pod, source = excluded.source`,
		company, e.Extension, false, e.Internal, e.External, e.CrossPod, e.Source)
}

// remove removes an extension of a company. For one that the product knows, a row records the
// removal.
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

// tooMany returns an error if a company has the maximum number of extensions of its own.
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
