// Package wire holds the types that many chapters of the API share: ids, times, and the answer of
// operations that return no data. Of Podium's packages it imports apierr alone. It knows neither
// HTTP nor the database.
package wire
