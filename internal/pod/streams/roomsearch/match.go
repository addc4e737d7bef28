package roomsearch

import (
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/roomindex"
	"podium/internal/pod/streams/rooms"
	"podium/internal/wire"
	"podium/internal/wording"
)

// The published search fields.
var searchFields = []string{"name", "description", "keywords_key", "keywords_value"}

// maxQueryWords is the most words of a query, each of which is another look into the terms. The
// name of a room has no more.
const maxQueryWords = (rooms.MaxName + 1) / 2

// validate returns an error that names the first invalid member of the criteria.
func (c *Criteria) validate() error {
	switch {
	case len(roomindex.Words(c.Query)) > maxQueryWords:
		return apierr.Invalid("Invalid value for query: it has more than %d words", maxQueryWords)
	case strings.TrimSpace(c.Query) == "" && c.Owner == nil && c.Creator == nil && c.Member == nil && len(c.Labels) == 0:
		return apierr.Invalid("Missing query")
	}
	if c.SortOrder != nil {
		order, ok := wire.OneOf(string(*c.SortOrder), Basic.Enum())
		if !ok {
			return apierr.Invalid("Invalid value for sortOrder: one of %v is expected", Basic.Enum())
		}
		*c.SortOrder = SortOrder(order)
	}
	return nil
}

// sought is what rooms are compared with.
type sought struct {
	words  []string // of the query, folded; none: every room, or every room with one of the labels
	fields []string // the fields of terms
	labels []string // as given
	keys   []string // the labels, folded

	name    string         // the query in the form of nameKey
	company wire.CompanyID // the caller's
}

// byRank reports whether the best match comes first: if RELEVANCE is requested, or a query without
// an order. Programs take the first room found for the one that they named.
func (c Criteria) byRank(s sought) bool {
	if c.SortOrder == nil {
		return len(s.words) > 0
	}
	return *c.SortOrder == Relevance
}

// seek returns what rooms are compared with for the criteria.
func (c Criteria) seek(fields []string) sought {
	s := sought{words: roomindex.Words(c.Query), labels: c.Labels, name: streams.NameKey(c.Query)}
	for _, label := range c.Labels {
		s.keys = append(s.keys, wording.SearchFold(label))
	}
	if len(fields) == 0 {
		s.fields = []string{roomindex.NameField, roomindex.TagField}
	}
	for _, field := range fields { // a duplicate counts once
		field = map[string]string{
			"name": roomindex.NameField, "description": roomindex.TagField, "keywords_key": roomindex.KeyField, "keywords_value": roomindex.ValueField,
		}[field]
		if !slices.Contains(s.fields, field) {
			s.fields = append(s.fields, field)
		}
	}
	if len(s.keys) > 0 && !slices.Contains(s.fields, roomindex.ValueField) {
		s.fields = append(s.fields, roomindex.ValueField)
	}
	return s
}

// rank is how well a room matches, best first; none: not at all.
type rank int

const (
	// the query is the name of a room of the caller's company, of which there is at most one
	exact rank = iota
	// the query is the name except for accents, or that of another company's room
	whole
	beginning // the name begins with the query
	wordly    // the words of the query are words of the name
	within    // the words of the query are parts of the name
	elsewhere // a tag or a keyword matches
	none
)

// matchName returns how well a room matches that is known to match, by its name alone.
func (s sought) matchName(company wire.CompanyID, a streams.Attributes) (rank, []bool) {
	best := elsewhere
	if len(s.words) > 0 && slices.Contains(s.fields, roomindex.NameField) {
		best = min(best, s.inName(company, a.Name))
	}
	return best, nil
}

// match returns how well a room matches, and which of the labels match.
func (s sought) match(company wire.CompanyID, a streams.Attributes) (rank, []bool) {
	facets := make([]bool, len(s.labels))
	best := none
	for _, k := range a.Keywords {
		valueWords := roomindex.Words(k.Value)
		at := slices.Index(s.keys, wording.SearchFold(k.Key))
		if beginAll(valueWords, s.words) && slices.Contains(s.fields, roomindex.ValueField) && (len(s.keys) == 0 || at >= 0) {
			if len(s.words) > 0 || len(s.keys) > 0 {
				best = elsewhere
			}
			if at >= 0 {
				facets[at] = true
			}
		}
		if len(s.words) > 0 && slices.Contains(s.fields, roomindex.KeyField) && beginAll(roomindex.Words(k.Key), s.words) {
			best = elsewhere
		}
	}
	if len(s.words) == 0 {
		if len(s.keys) == 0 {
			best = elsewhere // there is nothing to compare with
		}
		return best, facets
	}
	if len(s.words) == 1 && slices.Contains(s.fields, roomindex.TagField) {
		for _, tag := range roomindex.Tags(a.Description) {
			if strings.Contains(tag, s.words[0]) {
				best = elsewhere
			}
		}
	}
	if slices.Contains(s.fields, roomindex.NameField) {
		best = min(best, s.inName(company, a.Name))
	}
	return best, facets
}

// inName returns how well a name matches.
func (s sought) inName(company wire.CompanyID, called string) rank {
	name := roomindex.Words(called)
	query, text := strings.Join(s.words, " "), strings.Join(name, " ")
	everyWord := true
	for _, w := range s.words {
		if !slices.ContainsFunc(name, func(n string) bool { return strings.Contains(n, w) }) {
			return none
		}
		everyWord = everyWord && slices.Contains(name, w)
	}
	switch {
	case text == query && company == s.company && streams.NameKey(called) == s.name:
		return exact
	case text == query:
		return whole
	case strings.HasPrefix(text, query):
		return beginning
	case everyWord:
		return wordly
	}
	return within
}

// beginAll reports whether each of the prefixes begins one of the words.
func beginAll(words, prefixes []string) bool {
	for _, p := range prefixes {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, p) }) {
			return false
		}
	}
	return true
}
