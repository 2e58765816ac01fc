// Package parquetcheck reads the metadata of Parquet files and checks it before anybody trusts
// it: the footer, the positions of its columns, and the headers of their pages.
//
// Thrift decoders allocate the memory that a structure claims before they have seen the bytes,
// and a Go program cannot recover from running out of memory. The checks here walk the same
// structures without allocating what they claim.
package parquetcheck
