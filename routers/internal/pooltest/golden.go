// Package pooltest tests routers among several models: against reference predictions, and with
// [Check] for what holds of all.
package pooltest

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// Golden is a file of reference predictions.
type Golden struct {
	Quality     [][]float64            `json:"quality"`
	Cost        [][]float64            `json:"cost_usd"`
	Features    [][]float32            `json:"features_int8"`
	Fold        []int                  `json:"fold"`
	Predictions map[string][][]float64 `json:"predictions"`
	CostOf      map[string][][]float64 `json:"predicted_cost_of"`
	Val, Test   *Golden                // training and test rows, in the file of training rows
}

// Read reads a file, or skips the test without ../shared.
func Read(t *testing.T, name string) Golden {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "golden", "nmodels", name))
	if os.IsNotExist(err) {
		raw, err = os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "golden", "nmodels", name))
	}
	if os.IsNotExist(err) {
		t.Skip("skipped: no ../shared")
	}
	var g Golden
	if err == nil {
		err = json.Unmarshal(raw, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Close fails the test unless two predictions differ by no more than the references' rounding.
func Close(t *testing.T, what string, got, want float64, digits int) {
	t.Helper()
	if math.Abs(got-want) > 0.5000001*math.Pow(10, -float64(digits)) {
		t.Errorf("%s is %.12f, want %v", what, got, want)
	}
}
