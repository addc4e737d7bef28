package wire

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
)

// A user id holds the company's number above its lowest 36 bits. Ids stay below 2^53, the largest
// integer that a JavaScript client reads exactly.
const (
	sequenceBits = 36

	// MaxCompany is the highest number of a company.
	MaxCompany CompanyID = 1<<(53-sequenceBits) - 1

	// MaxSequence is the highest number of a user within a company.
	MaxSequence = 1<<sequenceBits - 1
)

// CompanyID is the number of a company, which the published API calls pod id or
// tenant id: 1 to MaxCompany.
type CompanyID int64

// UserID is the number of an account: company << 36 | n. The official SDKs compute the company from
// it. It is a number in JSON.
type UserID int64

// NewUserID returns the id of the n-th account of a company.
func NewUserID(company CompanyID, n int64) UserID {
	return UserID(int64(company)<<sequenceBits | n)
}

// UserIDs returns the first id of a company and the first id after its ids. A condition on ids
// between the two implies the company.
func UserIDs(company CompanyID) (first, end UserID) {
	return NewUserID(company, 0), NewUserID(company+1, 0)
}

// Company returns the company that the account belongs to.
func (id UserID) Company() CompanyID { return CompanyID(id >> sequenceBits) }

// Plausible reports whether the number has the form of a user id: it names a company and an account
// in it. The account need not exist.
func (id UserID) Plausible() bool {
	return id > 0 && id < 1<<53 && id.Company() > 0 && id&MaxSequence > 0
}

// String returns the id in decimal digits.
func (id UserID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseUserID reads a whole number, as ParseWhole does. Any other spelling is an error.
func ParseUserID(text string) (UserID, error) {
	n, err := ParseWhole(text)
	if err != nil || n < 0 {
		return 0, errors.New("a user id is a decimal number")
	}
	return UserID(n), nil
}

// UnmarshalText reads the id from a path, a query or a quoted JSON value, because some clients send
// ids in JSON as strings.
func (id *UserID) UnmarshalText(text []byte) error {
	parsed, err := ParseUserID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// UnmarshalJSON reads a number or a string of digits. null leaves the id unchanged.
func (id *UserID) UnmarshalJSON(data []byte) error {
	text := string(data)
	if text == "null" {
		return nil
	}
	if len(text) >= 2 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	if err := id.UnmarshalText([]byte(text)); err != nil {
		// encoding/json adds the field's name to an error of this type.
		return &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[UserID]()}
	}
	return nil
}

// String returns the company's number in decimal digits.
func (c CompanyID) String() string { return strconv.FormatInt(int64(c), 10) }
