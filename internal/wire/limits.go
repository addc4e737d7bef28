package wire

// Limits bounds the values of a type in every input. A type declares its limits by a method
// Limits() Limits; the tags of a field override them. Package op enforces limits, package openapi
// describes them.
type Limits struct {
	Min, Max             *int64 // of a whole number
	MinLength, MaxLength int    // of a text, in characters; MaxLength 0: not declared
	MinItems, MaxItems   int    // of a list; MaxItems 0: not declared
	Pattern              string // a regular expression (RE2) that the text matches; empty: any text
	Enum                 []string
}

// MaxNumber is the largest whole number that a JavaScript client reads exactly: 2^53 - 1.
const MaxNumber = 1<<53 - 1

// Between returns the limits of a whole number.
func Between(min, max int64) Limits { return Limits{Min: &min, Max: &max} }

// AtMost returns the limit of a text to a number of characters.
func AtMost(characters int) Limits { return Limits{MaxLength: characters} }

// Limits returns the limits of a company's number.
func (CompanyID) Limits() Limits { return Between(0, MaxNumber) }

// Limits returns the limits of a user's id. No account has a larger number.
func (UserID) Limits() Limits { return Between(0, MaxNumber) }

// Limits returns the limits of a time. Clients send times before 1970 to mean the beginning.
func (Time) Limits() Limits { return Between(-MaxNumber, MaxNumber) }
