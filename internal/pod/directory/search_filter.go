package directory

import (
	"strings"

	"podium/internal/auth"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/terms"
	"podium/internal/wording"
)

// filter is a text that an attribute must contain; for a list, one of its elements.
type filter struct {
	name   string // its name in the request
	text   string // as given
	column string
	list   bool // the column holds a list
}

// filters returns the given filters, except the account types.
func (q SearchQuery) filters() []filter {
	f := q.Filters
	if f == nil {
		return nil
	}
	var given []filter
	for _, one := range []filter{
		{"title", f.Title, "title", false}, {"company", f.Company, "company_name", false}, {"location", f.Location, "location", false},
		{"marketCoverage", f.MarketCoverage, "market_coverage", true}, {"responsibility", f.Responsibility, "responsibility", true},
		{"function", f.Function, "job_area", true}, {"instrument", f.Instrument, "instrument", true},
	} {
		if wording.SearchFold(one.text) != "" {
			given = append(given, one)
		}
	}
	return given
}

// kinds returns the requested account types as user_terms stores them. Distribution lists are found
// only on request.
func (q SearchQuery) kinds() []int64 {
	types := []auth.AccountType{auth.Normal, auth.System}
	if q.Filters != nil && len(q.Filters.AccountTypes) > 0 {
		types = q.Filters.AccountTypes
	}
	list := make([]int64, len(types))
	for i, t := range types {
		list[i], _ = terms.Kind(t)
	}
	return list
}

// admits reports whether a column's value passes the filter. folded is the filter's text, folded.
func (f filter) admits(value, folded string) (bool, error) {
	if !f.list {
		return strings.Contains(wording.SearchFold(value), folded), nil
	}
	list, err := accounts.ParseList(value)
	for _, element := range list {
		if strings.Contains(wording.SearchFold(element), folded) {
			return true, err
		}
	}
	return false, err
}
