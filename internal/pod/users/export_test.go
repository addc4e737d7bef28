package users

// What tests of this chapter see of its inside.
var (
	UpdateAttributes = updateAttributes
)
