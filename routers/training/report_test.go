package training

import (
	"math"
	"testing"
)

func TestReport(t *testing.T) {
	nan := math.NaN()
	s := &Source{Name: "s", Norm: make([]string, 5), Won: []float64{1, 0, 1, 1, nan}, Gain: []float64{1, -0.5, 1, 1, nan}}
	rates := []float64{0.9, 0.2, 0.6, 0.4, 0.5}
	r := NewReport(s, rates, Folded{rates, make([]int, 5)})
	wantLoss := -(math.Log(0.9) + math.Log(0.8) + math.Log(0.6) + math.Log(0.4)) / 4
	wantConstant := -(3*math.Log(0.75) + math.Log(0.25)) / 4
	if r.Source != "s" || r.Prompts != 5 || r.Accuracy != 0.75 || r.Majority != 0.75 {
		t.Errorf("report %+v", r)
	}
	if math.Abs(r.LogLoss-wantLoss) > 1e-12 || math.Abs(r.Constant-wantConstant) > 1e-12 {
		t.Errorf("log loss %v and %v, want %v and %v", r.LogLoss, r.Constant, wantLoss, wantConstant)
	}
	// By rate: 1, 1, 1, -0.5. With G = 2.5 and ranks 1 to 4: (3.5 + 2.5 + 1.5 - 0.25) / (4 G), of
	// which the part above 1/2 is 4/3 as large without comparing prompts with themselves.
	if want := 0.5 + (7.25/10-0.5)*4/3; math.Abs(r.APGR-want) > 1e-12 {
		t.Errorf("APGR %v, want %v", r.APGR, want)
	}
}

func TestReportStaysFinite(t *testing.T) {
	s := &Source{Norm: make([]string, 2), Won: []float64{1, 0}, Gain: []float64{0, 0}}
	r := NewReport(s, []float64{0, 1})
	if !(r.LogLoss > 20 && r.LogLoss < 30) || r.Accuracy != 0 {
		t.Errorf("log loss %v, accuracy %v of rates that are certain and wrong", r.LogLoss, r.Accuracy)
	}
	if !math.IsNaN(r.APGR) {
		t.Errorf("APGR %v without any gain, want NaN", r.APGR)
	}
}
