package parquetcheck

import (
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Metadata is the part of a footer that reading needs. Field numbers are those of FileMetaData
// and its parts: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
type Metadata struct {
	Schema    thrift.Slice[format.SchemaElement] `thrift:"2,required"` // depth first, the root first
	Rows      int64                              `thrift:"3,required"`
	RowGroups thrift.Slice[RowGroup]             `thrift:"4,required"`
	KeyValues thrift.Slice[KeyValue]             `thrift:"5,optional"`
	Algorithm format.EncryptionAlgorithm         `thrift:"8,optional"` // only in files with encrypted columns
}

// RowGroup describes a run of rows.
type RowGroup struct {
	Columns thrift.Slice[ColumnChunk] `thrift:"1,required"` // one per leaf of the schema
	Rows    int64                     `thrift:"3,required"`
}

// ColumnChunk describes the values of one leaf in one row group.
type ColumnChunk struct {
	FilePath string `thrift:"1,optional"`
	Chunk    Chunk  `thrift:"3,optional"`
}

// Chunk says where a column chunk lies.
type Chunk struct {
	Codec      format.CompressionCodec `thrift:"4,required"`
	Values     int64                   `thrift:"5,required"` // nulls and empty lists included
	Size       int64                   `thrift:"7,required"` // bytes in the file
	Data       int64                   `thrift:"9,required"` // offset of the first data page
	Dictionary int64                   `thrift:"11,optional"`
}

// Start returns the offset of the first page. Some writers give 0 for the dictionary's offset if
// there is none.
func (c *Chunk) Start() int64 {
	if c.Dictionary > 0 && c.Dictionary < c.Data {
		return c.Dictionary
	}
	return c.Data
}

// KeyValue is an entry of the key/value metadata. The value is optional in the format, though
// not in parquet-go.
type KeyValue struct {
	Key   string `thrift:"1,required"`
	Value string `thrift:"2,optional"`
}

// decode decodes a footer that was walked before.
func decode(footer []byte) (*Metadata, error) {
	var protocol thrift.CompactProtocol
	m := new(Metadata)
	err := thrift.NewDecoder(protocol.NewReaderFromBytes(footer)).Decode(m)
	return m, err
}
