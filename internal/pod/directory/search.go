package directory

import (
	"slices"
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts/terms"
)

const (
	maxText = 256 // characters of a query, and of the text of a filter

	// maxQueryWords is the most words of a query: each is another query of the terms.
	maxQueryWords = 16
)

var searchUsers = op.Operation[Service]{
	ID:      "searchUsers",
	Route:   "POST /pod/v1/user/search",
	Tag:     "Users",
	Summary: "Search for enabled users by their names, e-mail addresses and attributes.",
	About: "Each word of the query must begin a word of the user's first, last or display " +
		"name, the user name or the e-mail address, without regard to case and accents. " +
		"The text of a filter may be anywhere in the attribute. All must match. Sorted by " +
		"display name, then id. Users whom an information barrier separates from the " +
		"caller are not found.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.GetBasicContactInfo},
	Also:   []int{204},
	Handle: op.Read((*Service).search),
}

type searchInput struct {
	Skip  int64 `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int64 `query:"limit" default:"50" min:"1" max:"1000"`
	Local bool  `query:"local" default:"false"`
	Body  SearchQuery
}

// SearchQuery is the published UserSearchQuery.
type SearchQuery struct {
	Query   string         `json:"query,omitempty" maxLength:"256"`
	Filters *SearchFilters `json:"filters,omitempty"`
}

// SearchFilters is the published UserSearchFilter.
type SearchFilters struct {
	AccountTypes   []auth.AccountType `json:"accountTypes,omitempty" maxItems:"100" doc:"Default: NORMAL and SYSTEM."`
	Title          string             `json:"title,omitempty" maxLength:"256"`
	Company        string             `json:"company,omitempty" maxLength:"256"`
	Location       string             `json:"location,omitempty" maxLength:"256"`
	MarketCoverage string             `json:"marketCoverage,omitempty" maxLength:"256"`
	Responsibility string             `json:"responsibility,omitempty" maxLength:"256"`
	Function       string             `json:"function,omitempty" maxLength:"256"`
	Instrument     string             `json:"instrument,omitempty" maxLength:"256"`
}

func (in searchInput) Validate() error {
	q := in.Body
	asked := queryWords(q.Query)
	switch {
	case utf8.RuneCountInString(q.Query) > maxText:
		return apierr.Invalid("query: it has more than %d characters", maxText)
	case len(asked) > maxQueryWords:
		return apierr.Invalid("query: it has more than %d words", maxQueryWords)
	}
	filters := q.filters()
	for _, f := range filters {
		if utf8.RuneCountInString(f.text) > maxText {
			return apierr.Invalid("filters.%s: it has more than %d characters", f.name, maxText)
		}
	}
	if q.Filters != nil {
		for _, kind := range q.Filters.AccountTypes {
			if _, ok := terms.Kind(kind); !ok {
				return apierr.Invalid("filters.accountTypes: one of %s is expected", strings.Join(kind.Enum(), ", "))
			}
		}
	}
	if len(asked)+len(filters) == 0 && (q.Filters == nil || len(q.Filters.AccountTypes) == 0) {
		return apierr.Invalid("query: a query or a filter is expected")
	}
	return nil
}

// queryWords returns the words of a query without duplicates, and without those that begin another
// word: "an" is implied by "anna".
func queryWords(query string) []string {
	list := terms.Words(query)
	slices.Sort(list)
	var kept []string
	for i, w := range list {
		if i+1 == len(list) || !strings.HasPrefix(list[i+1], w) {
			kept = append(kept, w)
		}
	}
	return kept
}

// SearchResults is the published UserSearchResults.
type SearchResults struct {
	Count       int64       `json:"count" doc:"The number of all matches."`
	Skip        int64       `json:"skip"`
	Limit       int64       `json:"limit" doc:"The number of elements of this answer."`
	SearchQuery SearchQuery `json:"searchQuery" doc:"The request's body."`
	Users       []V2        `json:"users"`
}

func (s *Service) search(tx *db.Tx, caller auth.Caller, in searchInput) (SearchResults, error) {
	c, err := s.candidates(tx, reach{caller: caller, local: in.Local}, in.Body)
	if err != nil {
		return SearchResults{}, err
	}
	page, count, err := c.page(tx, in.Body.filters(), in.Skip, in.Limit)
	if err != nil {
		return SearchResults{}, err
	}
	answer := SearchResults{Count: count, Skip: in.Skip, Limit: int64(len(page)), SearchQuery: in.Body, Users: make([]V2, len(page))}
	for i, u := range page {
		answer.Users[i] = seenBy(u, caller)
	}
	return answer, nil
}
