package dlp

import (
	"context"
	"io"
	"path"
	"slices"
	"strings"

	"podium/internal/pod/dlp/match"
	"podium/internal/wire"
)

// Content is what a user is about to say.
type Content struct {
	Kind  DataType // Messages, RoomMeta or SignalMeta
	Texts []string
	Files []File // of a message
}

// File is a file of a message.
type File struct {
	Name string
	Type string // the media type, by the content
	Size int64  // bytes
	Open func() (io.ReadCloser, error)
}

// Match is what a rule has found in a content. Violations keep it as JSON.
type Match struct {
	Policy     string   `json:"policy"` // its id
	Version    Version  `json:"version"`
	Name       string   `json:"name"` // of the policy
	Scopes     []Scope  `json:"scopes"`
	Action     Action   `json:"action"`
	Rule       string   `json:"rule"` // its id
	RuleName   string   `json:"ruleName"`
	RuleType   RuleType `json:"ruleType"`
	Of         DataType `json:"of"`
	File       *int     `json:"file,omitempty"`       // its place among the files
	Dictionary *Ref     `json:"dictionary,omitempty"` // of a text
	Terms      []string `json:"terms"`                // what was found
	Limit      int32    `json:"limit,omitempty"`      // of a FILE_SIZE, in MB
	Extension  string   `json:"extension,omitempty"`  // of a FILE_EXTENSION, with its dot
	Allowing   bool     `json:"allowing,omitempty"`   // it is not among the allowed ones
}

// Found is what the rules of a company have found in a content, whoever gets it. The zero value has
// found nothing.
type Found struct {
	kind    DataType
	matches []Match
}

// Any reports whether anything was found.
func (f Found) Any() bool { return len(f.matches) > 0 }

// maxTerms is how many entries of a dictionary are told of.
const maxTerms = 20

// Check looks at a content by the rules of a company. A company without active policies costs no
// query. Call it outside of transactions: it may read files.
func (s *Service) Check(ctx context.Context, company wire.CompanyID, c Content) (Found, error) {
	found := Found{kind: c.Kind}
	r, err := s.rulesOf(ctx, company)
	if err != nil || len(r.list) == 0 {
		return found, err
	}
	done, err := s.await(ctx, c)
	if err != nil {
		return found, err
	}
	defer done()
	texts := make([]*match.Text, len(c.Texts))
	for i, text := range c.Texts {
		texts[i] = match.NewText(text)
	}
	for _, one := range r.list {
		if ctx.Err() != nil {
			return found, ctx.Err()
		}
		if one.of == c.Kind {
			found.matches = append(found.matches, one.inTexts(texts)...)
		}
	}
	for i, f := range c.Files {
		more, err := inFile(ctx, r, f)
		if err != nil {
			return found, err
		}
		for _, m := range more {
			m.File = &i
			found.matches = append(found.matches, m)
		}
	}
	return found, nil
}

// match returns a match of the rule.
func (r rule) match(terms ...string) Match {
	return Match{
		Policy: r.policy.id, Version: r.policy.version, Name: r.policy.name, Scopes: r.policy.scopes, Action: r.action,
		Rule: r.ID, RuleName: r.Name, RuleType: r.Type, Of: r.of, Terms: terms,
	}
}

// limit returns how many entries of a dictionary to look for.
func (r rule) limit() int { return max(maxTerms, int(r.TextMatch.Count)) }

// inTexts returns what the rule finds in texts, for each dictionary a match.
func (r rule) inTexts(texts []*match.Text) []Match {
	if r.Type != textMatch {
		return nil
	}
	terms := make([][]string, len(r.dictionaries))
	for i, d := range r.dictionaries {
		for _, text := range texts {
			terms[i] = union(terms[i], d.found.Find(text, r.limit()), r.limit())
		}
	}
	return r.matches(terms)
}

// matches returns a match for each dictionary that has found something, if all together have found
// as many entries as the rule wants.
func (r rule) matches(terms [][]string) []Match {
	var list []Match
	n := 0
	for i, d := range r.dictionaries {
		if n += len(terms[i]); len(terms[i]) > 0 {
			m := r.match(terms[i][:min(len(terms[i]), maxTerms)]...)
			m.Dictionary = &d.ref
			list = append(list, m)
		}
	}
	if n < int(r.TextMatch.Count) {
		return nil
	}
	return list
}

// union adds terms to a list, each once, up to a limit.
func union(list, more []string, limit int) []string {
	for _, term := range more {
		if len(list) < limit && !slices.Contains(list, term) {
			list = append(list, term)
		}
	}
	return list
}

// inFile returns what rules find in a file.
func inFile(ctx context.Context, r *rules, f File) ([]Match, error) {
	var list []Match
	var content []rule
	for _, one := range r.list {
		switch {
		case one.of != fileContent && one.of != fileMeta:
		case one.Type == textMatch && one.of == fileContent:
			if one.reads(f) {
				content = append(content, one)
			}
		case one.Type == textMatch:
			list = append(list, one.inTexts([]*match.Text{match.NewText(f.Name)})...)
		default:
			if m, ok := one.inMeta(f); ok {
				list = append(list, m)
			}
		}
	}
	if len(content) == 0 {
		return list, nil
	}
	more, err := inText(ctx, content, f)
	return append(list, more...), err
}

// inMeta returns what the rule finds in the extension or size of a file.
func (r rule) inMeta(f File) (m Match, ok bool) {
	m = r.match(f.Name)
	switch r.Type {
	case fileSize:
		m.Limit = r.Size.Limit
		return m, f.Size > int64(m.Limit)<<20
	case fileExtension:
		m.Extension = strings.ToLower(path.Ext(f.Name))
		m.Allowing = len(r.Extension.Allowed) > 0 && !slices.Contains(r.Extension.Allowed, m.Extension)
		return m, m.Allowing || slices.Contains(r.Extension.Blocked, m.Extension)
	}
	return m, false
}

// reads reports whether the rule looks at the text of a file.
func (r rule) reads(f File) bool {
	kind := FileType("")
	switch {
	case strings.EqualFold(path.Ext(f.Name), ".csv") || f.Type == "text/csv":
		kind = csvFile
	case strings.EqualFold(path.Ext(f.Name), ".txt") || strings.HasPrefix(f.Type, "text/"):
		kind = txtFile
	}
	return kind != "" && (len(r.TextMatch.Types) == 0 || slices.Contains(r.TextMatch.Types, kind))
}
