package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// UnmarshalJSON reads a number, or null as NaN.
func (v *Value) UnmarshalJSON(text []byte) error {
	number := math.NaN()
	err := json.Unmarshal(text, &number) // leaves it alone if the text is null
	*v = Value(number)
	return err
}

// Read returns the document that [Document.Write] wrote, also one of version 1 or 2. Another
// schema version is an error.
func Read(data []byte) (*Document, error) {
	d, err := read[Document](data)
	if err != nil {
		return nil, err
	}
	if d.SchemaVersion == firstVersion {
		d.upgrade()
	}
	d.SchemaVersion = SchemaVersion // version 2 has no keys that version 3 lacks
	return d, nil
}

// ReadCalibration returns the calibration that [Calibration.Write] wrote, also one of
// version 1, in which never strong was a threshold of null.
func ReadCalibration(data []byte) (*Calibration, error) {
	c, err := read[Calibration](data)
	if err != nil {
		return nil, err
	}
	for i, t := range c.Thresholds {
		if !t.Score.Exists() && t.Always == "" {
			c.Thresholds[i].Always = Weak
		}
	}
	c.SchemaVersion = SchemaVersion
	return c, nil
}

// ReadComparison returns the comparison that [Comparison.Write] wrote.
func ReadComparison(data []byte) (*Comparison, error) { return read[Comparison](data) }

// ReadPlan returns the plan that [Plan.Write] wrote.
func ReadPlan(data []byte) (*Plan, error) { return read[Plan](data) }

// ReadAnswers returns the document that [Answers.Write] wrote.
func ReadAnswers(data []byte) (*Answers, error) { return read[Answers](data) }

// ReadAudit returns the audit that [Audit.Write] wrote.
func ReadAudit(data []byte) (*Audit, error) { return read[Audit](data) }

// ReadGrading returns the document that [Grading.Write] wrote.
func ReadGrading(data []byte) (*Grading, error) { return read[Grading](data) }

// ReadGate returns the gate document that [Gate.Write] wrote.
func ReadGate(data []byte) (*Gate, error) { return read[Gate](data) }

// ReadOverlap returns the overlap that [Overlap.Write] wrote.
func ReadOverlap(data []byte) (*Overlap, error) { return read[Overlap](data) }

// ReadLogEvaluation returns the evaluation that [LogEvaluation.Write] wrote.
func ReadLogEvaluation(data []byte) (*LogEvaluation, error) { return read[LogEvaluation](data) }

// read reads a document of this program.
func read[D any](data []byte) (*D, error) {
	var head struct {
		SchemaVersion int  `json:"schema_version"`
		Tool          Tool `json:"tool"`
	}
	d := new(D)
	for _, into := range []any{&head, d} {
		var wrong *json.UnmarshalTypeError
		switch err := json.Unmarshal(data, into); {
		case errors.As(err, &wrong) && wrong.Field == "":
			return nil, fmt.Errorf("not a result of this program: found a JSON %s, expected an object", wrong.Value)
		case errors.As(err, &wrong):
			return nil, fmt.Errorf("not a result of this program: %q is a JSON %s", wrong.Field, wrong.Value)
		case err != nil:
			return nil, fmt.Errorf("not a result of this program: %w", err)
		}
	}
	if head.Tool.Name != ToolName {
		return nil, fmt.Errorf("not a result of this program: tool is %q", head.Tool.Name)
	}
	if err := CheckVersion(head.SchemaVersion); err != nil {
		return nil, err
	}
	return d, nil
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
	for _, b := range d.Benchmarks {
		for _, r := range b.Routers {
			if r.Scores == NoScores && r.Point != nil { // always strong and always weak
				r.Point.Always = SideOf(r.Point.StrongFraction == 1)
			}
			for i, p := range r.Curve {
				if !p.Score.Exists() && p.StrongFraction == 0 {
					r.Curve[i].Always = Weak
				}
			}
		}
	}
}
