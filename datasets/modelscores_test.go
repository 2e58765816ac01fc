package datasets

import (
	"fmt"
	"strings"
	"testing"
)

func TestReadModelScores(t *testing.T) {
	type row struct {
		ID string  `parquet:"sample_id"`
		A  float32 `parquet:"score:a"`
		B  float64 `parquet:"score:b"`
		C  float64 `parquet:"cost:a"`
	}
	for name, text := range map[string]string{
		"s.csv":     "score:a,more,sample_id,score:b,cost:a,score:\n0.5,x,p,2,0,1\n-3e2,y,q,1,0.25,1\n",
		"s.json":    `[{"sample_id":"p","score:a":0.5,"score:b":2,"cost:a":0},{"sample_id":"q","score:a":-300,"score:b":1,"cost:a":0.25}]`,
		"s.parquet": string(raw(t, []row{{"p", 0.5, 2, 0}, {"q", -300, 1, 0.25}})),
	} {
		path := fileOf(t, name, text)
		if several, err := HasModelScores(path); err != nil || !several {
			t.Errorf("%s: %v, %v", name, several, err)
		}
		s, err := ReadModelScores(path)
		if err != nil {
			t.Fatal(name, err)
		}
		a, errA := s.ScoresOf("a")
		b, errB := s.ScoresOf("b")
		cost, errCost := s.CostsOf([]string{"a"})
		if got := fmt.Sprint(s.IDs(), s.Models, a, b, cost, errA, errB, errCost); got != "[p q] [a b] [0.5 -300] [2 1] [[0 0.25]] <nil> <nil> <nil>" {
			t.Errorf("%s: %s", name, got)
		}
	}
	for name, text := range map[string]string{"both.csv": "sample_id,score,score:a\nx,1,1\n", "one.csv": "sample_id,score\nx,1\n"} {
		if several, err := HasModelScores(fileOf(t, name, text)); err != nil || several {
			t.Errorf("%s: %v, %v", name, several, err)
		}
	}
}

func TestReadModelScoresRefuses(t *testing.T) {
	for want, text := range map[string]string{
		`column "sample_id": missing`:                           "id,score:a\nx,1\n",
		"no column score:MODEL":                                 "sample_id,cost:a\nx,1\n",
		`repeated ids: "x" (row 2)`:                             "sample_id,score:a\nx,1\nx,1\n",
		`row 2, column "sample_id": found "", expected a uniqu`: "sample_id,score:a\nx,1\n,1\n",
	} {
		_, err := ReadModelScores(fileOf(t, "s.csv", text))
		expectError(t, err, want, strings.Contains(want, "column ") && !strings.Contains(want, "row 2, "))
	}
}

// TestWrongCellsOfOtherModelsDoNotMatter checks that only the models that are asked for must be
// whole.
func TestWrongCellsOfOtherModelsDoNotMatter(t *testing.T) {
	s, err := ReadModelScores(fileOf(t, "s.csv", "sample_id,score:a,score:b,cost:a,cost:b,score:c\nx,NaN,1,-1,2,3\ny,,1,inf,2,3\nz,inf,1,,2,3\nw,?,1,1,2,3\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ScoresOf("b"); err != nil {
		t.Error(err)
	}
	_, err = s.ScoresOf("a")
	expectError(t, err, `column "score:a": expected a finite number in every row; missing or invalid in row 1 ("x": "NaN"), row 2 ("y": ""), row 3 ("z": "inf") and 1 more`, false)
	_, err = s.ScoresOf("d")
	expectError(t, err, `column "score:d": missing`, true)
	_, err = s.CostsOf([]string{"a", "b"})
	expectError(t, err, `column "cost:a": expected a finite number of 0 or more in every row; missing or invalid in row 1 ("x": "-1")`, false)
	_, err = s.CostsOf([]string{"b", "c"})
	expectError(t, err, `column "cost:c": missing, but other models have predicted costs`, true)
	if cost, err := s.CostsOf([]string{"c"}); cost != nil || err != nil {
		t.Errorf("costs %v, %v", cost, err)
	}
}
