package presence

import (
	"slices"
	"strings"

	"podium/internal/apierr"
)

// Category is a category of presence.
type Category string

// The published categories.
const (
	Available    Category = "AVAILABLE"
	Away         Category = "AWAY"
	Busy         Category = "BUSY"
	OnThePhone   Category = "ON_THE_PHONE"
	BeRightBack  Category = "BE_RIGHT_BACK"
	InAMeeting   Category = "IN_A_MEETING"
	OutOfOffice  Category = "OUT_OF_OFFICE"
	OffWork      Category = "OFF_WORK"
	DoNotDisturb Category = "DO_NOT_DISTURB"
	Offline      Category = "OFFLINE"
	Undefined    Category = "UNDEFINED" // only where an older version has no word for what there is
)

// Enum returns the values that the current version answers.
func (Category) Enum() []string { return texts(current) }

var current = []Category{
	Available, Away, Busy, OnThePhone, BeRightBack, InAMeeting, OutOfOffice, OffWork, DoNotDisturb, Offline, Undefined,
}

// The categories of the first version, and those that a client of it may set.
var (
	old         = []Category{Undefined, Available, Busy, DoNotDisturb, OnThePhone, BeRightBack, Away, Offline}
	oldSettable = []Category{Available, Busy, OnThePhone, Away}
)

func texts(list []Category) []string {
	texts := make([]string, len(list))
	for i, c := range list {
		texts[i] = string(c)
	}
	return texts
}

// UnmarshalText accepts a category in any case. Unknown ones are refused where a category is set.
func (c *Category) UnmarshalText(text []byte) error {
	*c = Category(strings.ToUpper(string(text)))
	return nil
}

var errCategory = apierr.Invalid("Invalid presence category")

// settable returns an error for a category that no user can have.
func (c Category) settable() error {
	if c == Undefined || !slices.Contains(current, c) {
		return errCategory
	}
	return nil
}

// tires reports whether the category becomes AWAY after idleAfter without activity. That includes
// the category of users who have never chosen one.
func (c Category) tires() bool { return c == "" || c == Available || c == Busy }

// external returns the category that users of other companies see ("Presence" of the developer
// documentation, since 20.16).
func (c Category) external() Category {
	switch c {
	case BeRightBack, DoNotDisturb:
		return Away
	case OffWork:
		return Offline
	}
	return c
}

// v1 returns the category for the first version, which lacks some of them.
func (c Category) v1() V1 {
	switch c {
	case InAMeeting, OutOfOffice, OffWork:
		return V1{CategoryV1(Undefined)}
	}
	return V1{CategoryV1(c)}
}

// V1 is a presence of the first version of the API: the published Presence.
type V1 struct {
	Category CategoryV1 `json:"category"`
}

// CategoryV1 is a category of the first version.
type CategoryV1 Category

// Enum returns the published values.
func (CategoryV1) Enum() []string { return texts(old) }

// UnmarshalText accepts a category in any case.
func (c *CategoryV1) UnmarshalText(text []byte) error { return (*Category)(c).UnmarshalText(text) }
