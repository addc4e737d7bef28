package users

// What tests of this chapter see of its inside.
var (
	InsertUser       = insertUser
	UpdateAttributes = updateAttributes
)
