// Package wire holds the shapes that many chapters of the API share: ids,
// times, the answer of operations that only succeed. It imports nothing of
// ours and knows neither HTTP nor the database.
package wire
