// Package datasets reads and writes data sets of samples. A sample is a prompt with the quality
// of each model's answer to it.
//
// Call [Open] and [File.Read] to read a data set into a [Table], and [Table.WriteFile] to write
// one. A data set is a Parquet file with one row per sample and one column per model, so that
// pandas, DuckDB and Spark read it without help. [File.Stream] reads files that are larger than
// memory.
//
// [ImportTable], [ImportBattles], [ImportGrades] and [ImportRouteLLM] convert tables in CSV, JSON
// Lines or Parquet to a [Table]. [ReadScores] and [ReadDecisions] read the output of a router
// into [Scores]. [ReadAnswers] reads the stored answers of models. [ReadColumns], [StreamScores]
// and [WriteColumns] handle Parquet files of any schema.
//
// Errors name the file, row (counted from 1) and column, the value found and the value expected.
// Many wrap hints on what to do about them.
package datasets
