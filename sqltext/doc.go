// Package sqltext prints SQL queries with which an engine of the user's own summarises large
// tables. It runs no query and reads no file: every function returns the text of one query,
// without a semicolon at its end.
//
// [Find] returns a [Dialect], which prints the queries: [Dialect.Scan] asks what range the scores
// have and which rows cannot be used, [Dialect.Summary] sums rows per bin of scores.
// docs/sql.md describes the tables that the queries return.
package sqltext
