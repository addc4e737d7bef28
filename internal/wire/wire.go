// Package wire holds the types that many chapters of the API share: ids, times, and the answer of
// operations that return no data. It imports no other package of Podium and knows neither HTTP nor
// the database.
package wire
