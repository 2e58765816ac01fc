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

// Read returns the document that [Document.Write] wrote. One of another schema version
// is an error.
func Read(data []byte) (*Document, error) {
	var d Document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("not a result of this program: %w", err)
	}
	if d.Tool.Name != ToolName {
		return nil, fmt.Errorf("not a result of this program: tool is %q", d.Tool.Name)
	}
	if d.SchemaVersion != SchemaVersion {
		return nil, fmt.Errorf("schema version is %d, want %d", d.SchemaVersion, SchemaVersion)
	}
	return &d, nil
}
