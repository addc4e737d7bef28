package dlp

import (
	"slices"
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/wording"
)

// Applies is what a policy looks at, and what happens to what it finds: the published
// V3DLPPolicyAppliesTo.
type Applies struct {
	DataType DataType `json:"dataType"`
	Action   Action   `json:"action" doc:"LogOnly if it is absent."`
	Rules    []Rule   `json:"rules" maxItems:"20"`
}

// RuleType says by what a rule finds something.
type RuleType string

// The published types. Rules about passwords and classifiers are stored, and find nothing.
const (
	textMatch      RuleType = "TEXT_MATCH"
	fileExtension  RuleType = "FILE_EXTENSION"
	fileSize       RuleType = "FILE_SIZE"
	filePassword   RuleType = "FILE_PASSWORD"
	fileClassifier RuleType = "FILE_CLASSIFIER"
)

// Enum returns the published values.
func (RuleType) Enum() []string {
	return []string{string(textMatch), string(fileExtension), string(fileSize), string(filePassword), string(fileClassifier)}
}

// Rule is the published V3DLPRule, with the one configuration that fits its type.
type Rule struct {
	ID         string            `json:"id" maxLength:"64" doc:"Made by the pod if it is absent."`
	Type       RuleType          `json:"type"`
	Name       string            `json:"name" maxLength:"128"`
	TextMatch  *TextConfig       `json:"textMatchConfig,omitempty"`
	Extension  *ExtensionConfig  `json:"fileExtensionConfig,omitempty"`
	Size       *SizeConfig       `json:"fileSizeConfig,omitempty"`
	Password   *PasswordConfig   `json:"filePasswordConfig,omitempty" doc:"Stored; finds nothing."`
	Classifier *ClassifierConfig `json:"fileClassifierConfig,omitempty" doc:"Stored; finds nothing."`
}

// TextConfig is the published V3DLPTextMatchConfig.
type TextConfig struct {
	Dictionaries []Ref      `json:"dictionaries" maxItems:"100"`
	Count        int32      `json:"countUniqueOccurrences" min:"0" max:"100" doc:"How many different entries must be found; 0 means 1."`
	Types        []FileType `json:"applicableFileTypes" maxItems:"7" doc:"Of FileContent alone; empty: CSV and TXT."`
}

// ExtensionConfig is the published V3DLPFileExtensionConfig.
type ExtensionConfig struct {
	Allowed []string `json:"allowLists" maxItems:"500" maxLength:"64" doc:"If there are any, files with other extensions are found."`
	Blocked []string `json:"blockLists" maxItems:"500" maxLength:"64" doc:"Files with these extensions are found."`
}

// SizeConfig is the published V3DLPFileSizeConfig.
type SizeConfig struct {
	Limit int32 `json:"sizeLimit" min:"0" max:"10000" doc:"Larger files are found, in MB; 0 means 20."`
}

// PasswordConfig is the published V3DLPFilePasswordConfig.
type PasswordConfig struct {
	Types    []FileType `json:"applicableFileTypes" maxItems:"7"`
	Criteria string     `json:"matchCriteria" enum:"PASSWORD_PROTECTED,NOT_PASSWORD_PROTECTED"`
}

// ClassifierConfig is the published V3DLPFileClassifierConfig.
type ClassifierConfig struct {
	Classifiers map[string]string `json:"classifiers" maxItems:"30" maxLength:"30"`
	Types       []FileType        `json:"applicableFileTypes" maxItems:"7"`
}

// FileType is a type of files.
type FileType string

// Enum returns the published values.
func (FileType) Enum() []string {
	return []string{"PDF", "WORD", "EXCEL", "POWERPOINT", "ZIP", string(csvFile), string(txtFile)}
}

// The types of files whose text is read.
const (
	csvFile FileType = "CSV"
	txtFile FileType = "TXT"
)

// defaultSize is the published default of SizeConfig.Limit.
const defaultSize = 20

// check returns an error that names the first invalid member. It fills in defaults.
func (a *Applies) check() error {
	if a.Action == "" {
		a.Action = LogOnly
	}
	if _, known := enumOf(a.DataType); !known {
		return apierr.Invalid("dataType: one of %v is expected", a.DataType.Enum())
	}
	if _, known := enumOf(a.Action); !known {
		return apierr.Invalid("action: one of %v is expected", a.Action.Enum())
	}
	a.Rules = orEmpty(a.Rules)
	ids := make(map[string]bool)
	for i := range a.Rules {
		r := &a.Rules[i]
		if r.ID == "" {
			r.ID = newRuleID()
		}
		if ids[r.ID] {
			return apierr.Invalid("rules: two have the id %s", r.ID)
		}
		ids[r.ID] = true
		if err := r.check(a.DataType); err != nil {
			return err
		}
	}
	return nil
}

// check returns an error that names the first invalid member of a rule. It fills in defaults.
func (r *Rule) check(of DataType) error {
	if _, known := enumOf(r.Type); !known {
		return apierr.Invalid("rules: type: one of %v is expected", r.Type.Enum())
	}
	if strings.TrimSpace(r.Name) != "" {
		if err := wording.Line("rules: name", r.Name); err != nil {
			return err
		}
	}
	if err := wording.Identifier("rules: id", r.ID); err != nil {
		return err
	}
	files := of == fileContent || of == fileMeta
	if r.Type != textMatch && !files {
		return apierr.Invalid("rules: %s does not fit %s", r.Type, of)
	}
	given := 0
	for _, there := range []bool{r.TextMatch != nil, r.Extension != nil, r.Size != nil, r.Password != nil, r.Classifier != nil} {
		if there {
			given++
		}
	}
	if given > 1 {
		return apierr.Invalid("rules: only the configuration of the type %s is expected", r.Type)
	}
	switch {
	case r.Type == fileSize && r.Size == nil && given == 0:
		r.Size = &SizeConfig{}
	case r.Type == textMatch && r.TextMatch == nil, r.Type == fileExtension && r.Extension == nil, r.Type == fileSize && r.Size == nil,
		r.Type == filePassword && r.Password == nil, r.Type == fileClassifier && r.Classifier == nil:
		return apierr.Invalid("rules: the configuration of the type %s is required", r.Type)
	}
	return r.checkConfig(of)
}

func (r *Rule) checkConfig(of DataType) error {
	switch r.Type {
	case textMatch:
		t := r.TextMatch
		t.Dictionaries, t.Types = orEmpty(t.Dictionaries), orEmpty(t.Types)
		if len(t.Types) > 0 && of != fileContent {
			return apierr.Invalid("rules: applicableFileTypes are for FileContent")
		}
		return checkTypes(t.Types)
	case fileExtension:
		r.Extension.Allowed, r.Extension.Blocked = dotted(r.Extension.Allowed), dotted(r.Extension.Blocked)
	case fileSize:
		if r.Size.Limit == 0 {
			r.Size.Limit = defaultSize
		}
	case filePassword:
		if r.Password.Criteria == "" {
			r.Password.Criteria = "NOT_PASSWORD_PROTECTED"
		}
		r.Password.Types = orEmpty(r.Password.Types)
		return checkTypes(r.Password.Types)
	case fileClassifier:
		r.Classifier.Types = orEmpty(r.Classifier.Types)
		for name, value := range r.Classifier.Classifiers {
			if strings.TrimSpace(name) == "" || strings.TrimSpace(value) == "" || utf8.RuneCountInString(name) > 30 || utf8.RuneCountInString(value) > 30 {
				return apierr.Invalid("rules: classifiers: names and values of 1 to 30 characters are expected")
			}
		}
		return checkTypes(r.Classifier.Types)
	}
	return nil
}

func checkTypes(list []FileType) error {
	for _, t := range list {
		if _, known := enumOf(t); !known {
			return apierr.Invalid("rules: applicableFileTypes: one of %v is expected", t.Enum())
		}
	}
	return nil
}

// orEmpty returns a list that is never nil, which would be null in JSON.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// dotted returns extensions in lower case with their dots, each once.
func dotted(list []string) []string {
	out := []string{}
	for _, e := range list {
		if e = "." + strings.ToLower(strings.TrimPrefix(strings.TrimSpace(e), ".")); e != "." && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}
