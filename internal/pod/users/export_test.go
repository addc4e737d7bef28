package users

// What tests of this chapter see of its inside.
const SelectFrom = selectFrom

// And what they call.
var UpdateAttributes = updateAttributes
