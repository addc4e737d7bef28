package users

// What tests of this chapter see of its inside.
var (
	SearchFold       = searchFold
	InsertUser       = insertUser
	UpdateAttributes = updateAttributes
	TermRowsOf       = func(u User) int { return len(termRows(u)) }
)
