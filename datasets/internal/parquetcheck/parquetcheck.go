// Package parquetcheck checks the raw bytes of a Parquet file before parquet-go reads
// them. Call [Footer] before parquet-go opens the file, [RowGroups] on the metadata that
// it then returns, and [Pages] before it reads the pages of a column chunk.
//
// parquet-go allocates the memory that a file's Thrift structures claim before it has
// seen the bytes, and a Go program cannot recover from running out of memory. The checks
// here walk the same structures without allocating what they claim.
package parquetcheck
