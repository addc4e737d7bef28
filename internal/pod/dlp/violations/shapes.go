package violations

import (
	"strconv"
	"strings"

	"podium/internal/pod/dlp"
	"podium/internal/wire"
)

// Outcome is the published V1DLPOutcome.
type Outcome struct {
	Type string `json:"type" doc:"REJECTED_VIOLATION, ACCEPTED_WARNING or ACCEPTED."`
}

// outcome returns what became of a content by the gravest action.
func (r row) outcome() Outcome {
	switch r.action {
	case "BLOCK":
		return Outcome{"REJECTED_VIOLATION"}
	case "WARN":
		return Outcome{"ACCEPTED_WARNING"}
	}
	return Outcome{"ACCEPTED"}
}

// ignored reports whether a warning did not keep the content back.
func (r row) ignored() bool { return r.action == "WARN" }

// ViolationV1 is the published V1DLPViolation.
type ViolationV1 struct {
	ID           string          `json:"enforcementEventID"`
	Entity       string          `json:"entityID" doc:"The id of the message, stream or signal."`
	Created      wire.Time       `json:"createTime"`
	Modified     wire.Time       `json:"lastModified" doc:"Always 0."`
	Requester    wire.UserID     `json:"requesterId"`
	Matched      []MatchedPolicy `json:"matchedPolicies" doc:"One for each term that was found."`
	Action       string          `json:"action" doc:"The gravest of the policies: BLOCK, WARN or LOG_ONLY."`
	Outcome      Outcome         `json:"outcome"`
	ContentType  ContentType     `json:"contentType"`
	Version      string          `json:"version"`
	IgnoredWarns bool            `json:"ignoreDLPwarning" doc:"It was sent in spite of a warning."`
}

// ContentType is the published V1DLPContentType.
type ContentType struct {
	Type string `json:"type" doc:"MESSAGE, STREAM or SIGNAL."`
}

// MatchedPolicy is the published V1DLPMatchedPolicy.
type MatchedPolicy struct {
	ID         string      `json:"id"`
	Version    dlp.Version `json:"version"`
	Name       string      `json:"policyName"`
	Type       string      `json:"type" doc:"BLOCK, WARN or LOG_ONLY."`
	Terms      string      `json:"terms"`
	Diagnostic *string     `json:"diagnostic"`
}

func (r row) v1(kind dlp.Kind) ViolationV1 {
	v := ViolationV1{
		ID: r.id, Entity: r.entity, Created: r.at, Requester: r.requester, Matched: []MatchedPolicy{}, Action: r.action,
		Outcome: r.outcome(), ContentType: ContentType{string(kind)}, Version: "V2", IgnoredWarns: r.ignored(),
	}
	for _, m := range r.matches {
		for _, term := range m.Terms {
			v.Matched = append(v.Matched, MatchedPolicy{ID: m.Policy, Version: m.Version, Name: m.Name, Type: m.Action.Upper(), Terms: term})
		}
	}
	return v
}

// Violation is the published V3DLPViolation.
type Violation struct {
	ID           string      `json:"enforcementEventID"`
	Entity       string      `json:"entityID" doc:"The id of the message, stream or signal."`
	Created      wire.Time   `json:"createTime"`
	Modified     wire.Time   `json:"lastModified" doc:"Always 0."`
	Requester    wire.UserID `json:"requesterId"`
	Details      []Detail    `json:"details" doc:"What was found in the text, and in each file."`
	Action       string      `json:"action" doc:"The gravest of the policies: BLOCK, WARN or LOG_ONLY."`
	Outcome      Outcome     `json:"outcome"`
	Version      string      `json:"version"`
	IgnoredWarns bool        `json:"ignoreDLPwarning" doc:"It was sent in spite of a warning."`
}

// Detail is what was found in a part of a content, as the vendor documents it.
type Detail struct {
	Status      string         `json:"status" doc:"The gravest of the policies: BLOCK, WARN or LOG_ONLY."`
	Policies    []PolicyResult `json:"policyResults"`
	Correlation string         `json:"correlationId" doc:"TEXT, or ATTACHMENT_ and the id of a file."`
	Attribute   string         `json:"attributeType,omitempty" doc:"ATTACHMENT of a file."`
	File        *FileMeta      `json:"secureAttachmentMeta,omitempty"`
}

// FileMeta describes a file.
type FileMeta struct {
	Compliance struct {
		Detail FileDetail `json:"detail"`
	} `json:"complianceMeta"`
}

// FileDetail describes a file.
type FileDetail struct {
	Size string `json:"sizeInBytes"`
	Name string `json:"name"`
	ID   string `json:"fileId"`
}

// PolicyResult is what a policy found.
type PolicyResult struct {
	Status  string `json:"status" doc:"BLOCK, WARN or LOG_ONLY."`
	Matched struct {
		ID      string      `json:"id"`
		Version dlp.Version `json:"version"`
		Name    string      `json:"name"`
	} `json:"matchedPolicy"`
	Rules []RuleResult `json:"ruleResults"`
}

// RuleResult is what a rule found by a dictionary, or by a file's name or size.
type RuleResult struct {
	ID         string `json:"ruleInstanceId"`
	Type       string `json:"type" doc:"Always EXPLICIT."`
	Compliance struct {
		Detail RuleDetail `json:"detail"`
	} `json:"complianceDetail"`
}

// RuleDetail describes a rule and its matches.
type RuleDetail struct {
	Rule        RuleDescriptor `json:"ruleDescriptor"`
	Content     *TextMatches   `json:"content,omitempty" doc:"In a text."`
	FileContent *TextMatches   `json:"fileContent,omitempty" doc:"In a file."`
	Size        *SizeFound     `json:"size,omitempty"`
	Extension   *EndFound      `json:"extension,omitempty"`
}

// SizeFound is a file that is too large, in MB.
type SizeFound struct {
	Limit int32   `json:"limit"`
	Found float64 `json:"found"`
}

// EndFound is a file with an extension that is not allowed.
type EndFound struct {
	Type     string   `json:"type" doc:"NOT_IN_THE_ALLOWED_LIST or IN_THE_BLOCKED_LIST."`
	Blocked  string   `json:"blockedExtension"`
	Expected []string `json:"expectedExtensions" doc:"Always empty."`
	Supplied string   `json:"suppliedExtension" doc:"Always empty."`
}

// RuleDescriptor describes a rule.
type RuleDescriptor struct {
	Type        dlp.RuleType `json:"ruleType"`
	Name        string       `json:"ruleName"`
	Description string       `json:"ruleDescription"`
}

// TextMatches is what a dictionary found.
type TextMatches struct {
	Dictionary struct {
		ID      string `json:"id"`
		Version string `json:"version"`
	} `json:"dictionary"`
	Matches []TextFound `json:"matches"`
}

// TextFound is an entry of a dictionary that was found.
type TextFound struct {
	Match   string `json:"match"`
	Pattern string `json:"matchPattern" doc:"Always empty."`
}

// attached is a file of a message, as details show it.
type attached struct {
	id, name string
	size     int64
}

// v3 returns a violation in the third form. files are those of the message.
func (r row) v3(files []attached) Violation {
	v := Violation{
		ID: r.id, Entity: r.entity, Created: r.at, Requester: r.requester, Action: r.action, Outcome: r.outcome(),
		Version: "V3", IgnoredWarns: r.ignored(), Details: []Detail{},
	}
	text := Detail{Correlation: "TEXT"}
	ofFiles := make([]Detail, len(files))
	for i, f := range files {
		d := Detail{Correlation: "ATTACHMENT_" + f.id, Attribute: "ATTACHMENT", File: &FileMeta{}}
		d.File.Compliance.Detail = FileDetail{Size: strconv.FormatInt(f.size, 10), Name: f.name, ID: f.id}
		ofFiles[i] = d
	}
	for _, m := range r.matches {
		if m.File == nil {
			text.add(m, 0)
		} else if *m.File < len(ofFiles) {
			ofFiles[*m.File].add(m, files[*m.File].size)
		}
	}
	for _, d := range append([]Detail{text}, ofFiles...) {
		if len(d.Policies) > 0 {
			v.Details = append(v.Details, d)
		}
	}
	return v
}

// gravity orders the actions.
var gravity = map[string]int{"LOG_ONLY": 1, "WARN": 2, "BLOCK": 3}

// add adds a match to a part of a content. size is that of a file, in bytes.
func (d *Detail) add(m dlp.Match, size int64) {
	status := m.Action.Upper()
	if gravity[status] > gravity[d.Status] {
		d.Status = status
	}
	p := len(d.Policies) - 1
	if p < 0 || d.Policies[p].Matched.ID != m.Policy || d.Policies[p].Status != status {
		result := PolicyResult{Status: status}
		result.Matched.ID, result.Matched.Version, result.Matched.Name = m.Policy, m.Version, m.Name
		d.Policies = append(d.Policies, result)
		p++
	}
	rule := RuleResult{ID: m.Rule, Type: "EXPLICIT"}
	detail := &rule.Compliance.Detail
	detail.Rule = RuleDescriptor{Type: m.RuleType, Name: m.RuleName, Description: "Rule " + strings.ToLower(strings.ReplaceAll(string(m.RuleType), "_", " ")) + " matched"}
	if m.Dictionary != nil {
		found := &TextMatches{Matches: []TextFound{}}
		found.Dictionary.ID, found.Dictionary.Version = m.Dictionary.ID, m.Dictionary.Version
		for _, term := range m.Terms {
			found.Matches = append(found.Matches, TextFound{Match: term})
		}
		if m.File == nil {
			detail.Content = found
		} else {
			detail.FileContent = found
		}
	}
	switch {
	case m.Limit > 0:
		detail.Size = &SizeFound{Limit: m.Limit, Found: float64(size) / (1 << 20)}
	case m.RuleType == "FILE_EXTENSION":
		detail.Extension = &EndFound{Type: "IN_THE_BLOCKED_LIST", Blocked: m.Extension, Expected: []string{}}
		if m.Allowing {
			detail.Extension.Type = "NOT_IN_THE_ALLOWED_LIST"
		}
	}
	d.Policies[p].Rules = append(d.Policies[p].Rules, rule)
}
