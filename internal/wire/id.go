package wire

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
)

// A company's number stands in a user id above the lowest 36 bits, and ids stay
// below 2^53, the largest integer that a JavaScript client reads exactly.
const (
	sequenceBits = 36

	// MaxCompany is the highest number a company may bear.
	MaxCompany CompanyID = 1<<(53-sequenceBits) - 1

	// MaxSequence is the highest number of a user within a company.
	MaxSequence = 1<<sequenceBits - 1
)

// CompanyID is the number of a company, which the published API calls pod id or
// tenant id: 1 to MaxCompany.
type CompanyID int64

// UserID is the number of an account, company << 36 | n, as the official SDKs
// take it apart to learn the company. It is a number in JSON.
type UserID int64

// NewUserID is the id of the n-th account of a company.
func NewUserID(company CompanyID, n int64) UserID {
	return UserID(int64(company)<<sequenceBits | n)
}

// Company is the company that the account belongs to.
func (id UserID) Company() CompanyID { return CompanyID(id >> sequenceBits) }

// Plausible tells whether the number can be a user id at all: it names a company
// and an account in it.
func (id UserID) Plausible() bool {
	return id > 0 && id < 1<<53 && id.Company() > 0 && id&MaxSequence > 0
}

// String is the id in decimal digits.
func (id UserID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseUserID reads a whole number, as ParseWhole does. Any other spelling is an error.
func ParseUserID(text string) (UserID, error) {
	n, err := ParseWhole(text)
	if err != nil || n < 0 {
		return 0, errors.New("a user id is a decimal number")
	}
	return UserID(n), nil
}

// UnmarshalText takes the id from a path, a query or a quoted JSON value: some
// clients send ids in JSON as strings.
func (id *UserID) UnmarshalText(text []byte) error {
	parsed, err := ParseUserID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// MarshalJSON writes a number.
func (id UserID) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, int64(id), 10), nil
}

// UnmarshalJSON takes a number or a string of digits; null leaves the id as it is.
func (id *UserID) UnmarshalJSON(data []byte) error {
	text := string(data)
	if text == "null" {
		return nil
	}
	if len(text) >= 2 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	if err := id.UnmarshalText([]byte(text)); err != nil {
		// This kind of error is the one that encoding/json adds the field's name to.
		return &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[UserID]()}
	}
	return nil
}

// String is the company's number in decimal digits.
func (c CompanyID) String() string { return strconv.FormatInt(int64(c), 10) }
