package results

import (
	"encoding/json"
	"fmt"
	"math"
)

// UnmarshalJSON reads a number, or null as NaN.
func (v *Value) UnmarshalJSON(text []byte) error {
	number := math.NaN()
	err := json.Unmarshal(text, &number) // which leaves it alone where the text is null
	*v = Value(number)
	return err
}

// Read returns the document that [Document.Write] wrote, also one of version 1. Another
// schema version is an error.
func Read(data []byte) (*Document, error) {
	var d Document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("not a result of this program: %w", err)
	}
	if d.Tool.Name != ToolName {
		return nil, fmt.Errorf("not a result of this program: tool is %q", d.Tool.Name)
	}
	if err := CheckVersion(d.SchemaVersion); err != nil {
		return nil, err
	}
	if d.SchemaVersion == firstVersion {
		d.upgrade()
	}
	return &d, nil
}

// CheckVersion refuses a schema version that this package does not read.
func CheckVersion(version int) error {
	if version < firstVersion || version > SchemaVersion {
		return fmt.Errorf("schema version %d, expected %d to %d", version, firstVersion, SchemaVersion)
	}
	return nil
}

// upgrade turns a document of version 1 into one of the current version. In version 1 the
// threshold of a curve's vertex without strong calls was null.
func (d *Document) upgrade() {
	d.SchemaVersion = SchemaVersion
	for _, b := range d.Benchmarks {
		for _, r := range b.Routers {
			for i, p := range r.Curve {
				if !p.Score.Exists() && p.StrongFraction == 0 {
					r.Curve[i].Always = Weak
				}
			}
		}
	}
}
