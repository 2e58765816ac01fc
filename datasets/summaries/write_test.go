package summaries_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/eval/binned"
)

// TestWrite writes summaries of every kind and reads them back.
func TestWrite(t *testing.T) {
	none := math.NaN()
	bins := func(area float64) []binned.Bin {
		return []binned.Bin{{Min: 0.5, Max: 0.75, Rows: 3, N: 3, Strong: 3, Weak: 1, Gain2: 2, Area: area}, {Min: -2, Max: 0.1, Rows: 2, N: 2, Strong: 1, Weak: 1, Gain2: 0, Area: 0 * area}}
	}
	cells := func(bucketed bool, tasks ...string) binned.Summary {
		all := []binned.Cell{{Rows: 1, N: 1, Strong: 1, Gain2: 1}, {Bucket: 3, Rows: 2, N: 2.5, Strong: 2, Weak: 1, Gain2: 1}, {Bin: 1, Bucket: 1, Rows: 1, N: 1, Strong: 1, Weak: 1}}
		for i := range all {
			if !bucketed {
				all[i].Bucket = 0
			}
			if len(tasks) > 0 {
				all[i].Task = int32(i % len(tasks))
			}
		}
		return binned.Summary{Bins: bins(none), Cells: all, Bucketed: bucketed, Tasks: tasks}
	}
	for name, s := range map[string]binned.Summary{
		"bins": {Bins: bins(none), Unused: 7}, "areas": {Bins: bins(3)}, "buckets": cells(true), "tasks": cells(false, "law", "sums"), "all": cells(true, "law", "sums"),
	} {
		want, err := binned.New(s)
		if err != nil {
			t.Fatal(name, err)
		}
		var b bytes.Buffer
		if err := summaries.Write(&b, []summaries.Router{{Name: "a", Summary: want}, {Name: "b", Summary: want}}); err != nil {
			t.Fatal(name, err)
		}
		path := filepath.Join(t.TempDir(), "summary.parquet")
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		set, err := summaries.Read(context.Background(), []string{path}, summaries.Options{})
		if err != nil || len(set.Routers) != 2 || set.Routers[1].Name != "b" || set.Files[0].Format != "Parquet" {
			t.Fatalf("%s: %+v, %v", name, set, err)
		}
		got := set.Routers[0].Summary
		for i := range got.Bins { // NaN is not equal to itself
			if math.IsNaN(got.Bins[i].Area) && math.IsNaN(want.Bins[i].Area) {
				got.Bins[i].Area, want.Bins[i].Area = 0, 0
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: read\n%+v, wrote\n%+v", name, got, want)
		}
	}
}

// TestScoresOnly reads a histogram of scores, and refuses it where qualities are needed.
func TestScoresOnly(t *testing.T) {
	files := write(t, "BIN,SCORE_MIN,SCORE_MAX,N\n1,0.5,0.9,4\n0,0,0.4,6\n")
	set, err := summaries.Read(context.Background(), files, summaries.Options{ScoresOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if s := set.Routers[0].Summary; s.Rows() != 10 || s.Bins[0].Min != 0.5 {
		t.Errorf("read %+v", s)
	}
	if lo, hi := set.Routers[0].Summary.ThresholdRange(0.2); lo != 0.5 || hi != 0.9 {
		t.Errorf("threshold between %v and %v", lo, hi)
	}
	if _, err := summaries.Read(context.Background(), files, summaries.Options{}); err == nil {
		t.Error("no error without qualities")
	}
}

// FuzzRead reads any text as CSV: an error or a summary, and no panic.
func FuzzRead(f *testing.F) {
	f.Add(head + "1,0.5,0.9,4,4,1,3\n,,,2,0,0,0\n")
	f.Add("router,task,bucket,rows,area," + head + "a,x,3,2,1,1,0.5,0.9,4,4,1,3\n")
	f.Add("BIN;SCORE_MIN;SCORE_MAX;N;STRONG;WEAK;GAIN2\n1;0,5;0,9;4;4;1;3\n")
	f.Fuzz(func(t *testing.T, text string) {
		set, err := summaries.Read(context.Background(), write(t, text), summaries.Options{})
		if err != nil {
			return
		}
		for _, r := range set.Routers {
			if v := r.Summary.AUC(); r.Summary.Rows() < 1 || v.Lo > v.Hi {
				t.Errorf("%d rows, AUC %+v", r.Summary.Rows(), v)
			}
		}
	})
}
