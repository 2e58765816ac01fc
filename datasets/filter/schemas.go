package filter

import (
	"bytes"
	"encoding/base64"
	"encoding/json"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/routellm/routellm/datasets/rows"
)

// keyValue returns an entry of a Parquet file's metadata with the new columns in it, if it lists the
// columns: readers would not show those that it lacks. It reports false for an entry that goes, and
// without which readers take the columns of the file.
func (o Options) keyValue(key, value string) (string, bool) {
	switch key {
	case "ARROW:schema": // pyarrow, polars, DuckDB and others
		return o.arrowSchema(value)
	case "org.apache.spark.sql.parquet.row.metadata":
		return o.sparkSchema(value)
	case "parquet.avro.schema", "avro.schema":
		return "", false
	}
	return value, true
}

// arrowSchema adds the new columns to a schema of Arrow.
func (o Options) arrowSchema(value string) (string, bool) {
	raw, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return "", false
	}
	s, err := rows.OpenArrowStream(bytes.NewReader(raw))
	if err != nil {
		return "", false
	}
	var b bytes.Buffer
	w := ipc.NewWriter(&b, ipc.WithSchema(o.withColumns(s.Schema())))
	if err := w.Close(); err != nil {
		return "", false
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), true
}

// withColumns returns a schema with the new columns.
func (o Options) withColumns(s *arrow.Schema) *arrow.Schema {
	meta, fields := s.Metadata(), s.Fields()
	for i, name := range o.columnNames() {
		field := arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64, Nullable: true}
		if o.isText(i) {
			field.Type = arrow.BinaryTypes.String
		}
		fields = append(fields, field)
	}
	return arrow.NewSchema(fields, &meta)
}

// sparkSchema adds the new columns to a schema of Spark.
func (o Options) sparkSchema(value string) (string, bool) {
	var schema struct {
		Type   string            `json:"type"`
		Fields []json.RawMessage `json:"fields"`
	}
	if err := json.Unmarshal([]byte(value), &schema); err != nil {
		return "", false
	}
	for i, name := range o.columnNames() {
		kind := "double"
		if o.isText(i) {
			kind = "string"
		}
		field, err := json.Marshal(map[string]any{"name": name, "type": kind, "nullable": true, "metadata": struct{}{}})
		if err != nil {
			return "", false
		}
		schema.Fields = append(schema.Fields, field)
	}
	out, err := json.Marshal(schema)
	return string(out), err == nil
}
