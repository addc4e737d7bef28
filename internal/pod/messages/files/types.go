package files

import (
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/pod/settings"
	"podium/internal/wire"
	"podium/internal/wording"
)

// CheckNames fails with Invalid if a name is not one that people can read, or its extension is not
// one that the author's company allows. others are the other companies in the stream, which must
// accept such files from other companies; without any, the files remain within the company.
func CheckNames(tx *db.Tx, company wire.CompanyID, others []wire.CompanyID, list []File) error {
	own, err := settings.Extensions(tx, company)
	if err != nil {
		return err
	}
	allow := func(e settings.FileExtension) bool { return e.Internal }
	if len(others) > 0 {
		allow = func(e settings.FileExtension) bool { return e.External }
	}
	if err := checkExtensions(list, own, allow); err != nil {
		return err
	}
	for _, other := range others {
		theirs, err := settings.Extensions(tx, other)
		if err != nil {
			return err
		}
		if err := checkExtensions(list, theirs, func(e settings.FileExtension) bool { return e.CrossPod }); err != nil {
			return err
		}
	}
	return nil
}

func checkExtensions(list []File, known []settings.FileExtension, allow func(settings.FileExtension) bool) error {
	for _, f := range list {
		if err := wording.Line("attachment", f.Name); err != nil {
			return err
		}
		if !slices.ContainsFunc(known, func(e settings.FileExtension) bool { return allow(e) && hasExtension(f.Name, string(e.Extension)) }) {
			return notSupported(extension(f.Name))
		}
	}
	return nil
}

// notSupported returns the published refusal.
func notSupported(extension string) error {
	if extension == "" {
		return apierr.Invalid("Attachment type not supported: a file without an extension")
	}
	return apierr.Invalid("Attachment type not supported: %s", extension)
}

// extension returns the end of a name, from its last dot, in lower case.
func extension(name string) string { return strings.ToLower(path.Ext(name)) }

// hasExtension reports whether a name ends in an extension, and has something before it.
func hasExtension(name, extension string) bool {
	return len(name) > len(extension) && strings.HasSuffix(strings.ToLower(name), extension)
}

// typeOf returns the media type of a content, by its beginning. It fails with Invalid if the
// content is a program and the extension that of something else.
func typeOf(name string, content io.ReadSeeker) (string, error) {
	found, err := mimetype.DetectReader(content)
	if err != nil {
		return "", err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	end := extension(name)
	for t := found; t != nil; t = t.Parent() {
		kind, _, _ := strings.Cut(t.String(), ";")
		own, ok := programs[kind]
		if !ok || slices.Contains(own, end) || strings.HasPrefix(kind, "text/") && slices.Contains(texts, end) {
			continue
		}
		return "", notSupported(own[0])
	}
	kind, _, _ := strings.Cut(found.String(), ";")
	return kind, nil
}

// programs lists the media types of contents that run, with the extensions of honest names, the
// most usual one first.
var programs = map[string][]string{
	"application/vnd.microsoft.portable-executable": {".exe", ".dll", ".sys", ".scr", ".com", ".ocx", ".cpl", ".efi"},
	"application/x-elf":                             {".elf", ".bin", ".so", ".o", ".run", ".axf"},
	"application/x-mach-binary":                     {".macho", ".dylib", ".bundle", ".o"},
	"application/x-ms-installer":                    {".msi", ".msp"},
	"application/x-ms-shortcut":                     {".lnk"},
	"application/java-archive":                      {".jar", ".war", ".ear"},
	"application/x-java-applet":                     {".class"},
	"application/vnd.android.package-archive":       {".apk"},
	"application/x-shockwave-flash":                 {".swf"},
	"application/x-chrome-extension":                {".crx"},
	"application/wasm":                              {".wasm"},
	"application/vnd.debian.binary-package":         {".deb"},
	"application/x-rpm":                             {".rpm"},
	"application/x-bytecode.python":                 {".pyc"},
	"text/x-shellscript":                            {".sh", ".bash", ".command"},
	"text/x-php":                                    {".php"},
	"text/javascript":                               {".js", ".mjs", ".cjs"},
	"text/x-lua":                                    {".lua"},
	"text/x-perl":                                   {".pl", ".pm"},
	"text/x-python":                                 {".py"},
	"text/x-ruby":                                   {".rb"},
	"text/x-tcl":                                    {".tcl"},
}

// texts lists the extensions of files that are texts, which programs open and do not run. A script
// with such a name is a text.
var texts = []string{".txt", ".md", ".log", ".csv", ".tsv", ".json", ".xml", ".yaml", ".yml", ".eml", ".ics", ".vcf", ".key"}

// isPicture reports whether previews are made of a media type.
func isPicture(kind string) bool {
	return kind == "image/png" || kind == "image/jpeg" || kind == "image/gif"
}

// head returns the beginning of a content.
func head(content io.ReadSeeker) ([]byte, error) {
	data := make([]byte, 64<<10)
	n, err := io.ReadFull(content, data)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	_, err = content.Seek(0, io.SeekStart)
	return data[:n], err
}
