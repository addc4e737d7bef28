package accounts

// SelectFrom is selectFrom for tests.
const SelectFrom = selectFrom
