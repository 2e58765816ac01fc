package datasets

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

func TestReadScores(t *testing.T) {
	type row struct {
		ID    string  `parquet:"sample_id"`
		SHA   string  `parquet:"prompt_sha256"`
		Score float32 `parquet:"score"`
	}
	digest := SHA256Hex("p")
	for name, text := range map[string]string{
		"s.csv":     "sample_id,score,more\na,0.5,x\nb,-3e2,y\n",
		"s.csv.gz":  "prompt_sha256,score,sample_id\n" + digest + ",0.5,a\n" + digest + ",-300,b\n",
		"s.jsonl":   `{"sample_id":"a","score":0.5}` + "\n" + `{"sample_id":"b","score":-300}`,
		"s.parquet": string(raw(t, []row{{"a", digest, 0.5}, {"b", digest, -300}})),
	} {
		s, err := ReadScores(fileOf(t, name, text))
		if err != nil {
			t.Fatal(name, err)
		}
		if got := fmt.Sprint(s.Key, s.IDs(), s.Values); got != "sample_id[a b] [0.5 -300]" {
			t.Errorf("%s: %s", name, got)
		}
	}
	s, err := ReadScores(fileOf(t, "s.csv", "prompt_sha256,score\n"+digest+",1\n"))
	if err != nil || s.Key != "prompt_sha256" {
		t.Error(s, err)
	}
}

func TestReadDecisions(t *testing.T) {
	s, err := ReadDecisions(fileOf(t, "d.csv", "sample_id,decision\na,strong\nb,weak\n"))
	if err != nil || fmt.Sprint(s.Values) != "[1 0]" {
		t.Error(s, err)
	}
	_, err = ReadDecisions(fileOf(t, "d.csv", "sample_id,decision\na,strong\nb,Weak\nc,\n"))
	expectError(t, err, `column "decision": expected "strong" or "weak" in every row; missing or invalid in row 2 ("b": "Weak"), row 3 ("c": "")`, true)
}

func TestReadScoresRefuses(t *testing.T) {
	for want, text := range map[string]string{
		`missing or invalid in row 1 ("a": "NaN"), row 2 ("b": ""), row 3 ("c": "inf") and 1 more`: "sample_id,score\na,NaN\nb,\nc,inf\nd,x\ne,1\n",
		`repeated ids: "a" (row 2), "a" (row 3), "a" (row 4) and 1 more`:                           "sample_id,score\na,1\na,1\na,1\na,1\na,1\n",
		`column "score": missing`:     "sample_id,sore\na,1\n",
		`column "sample_id": missing`: "id,score\na,1\n",
		`row 1, column "prompt_sha256": found "xyz", expected 64 lower-case hex digits`: "prompt_sha256,score\nxyz,1\n",
		`row 2, column "sample_id": found "", expected a unique id`:                     "sample_id,score\na,1\n,1\n",
		`column "sample_id": found "", expected a unique id`:                            "sample_id,score\na,x\n,y\na,z\n",
		`expected a unique id of at most 65,535 bytes`:                                  "sample_id,score\n" + strings.Repeat("a", 1<<16) + ",1\n",
	} {
		_, err := ReadScores(fileOf(t, "s.csv", text))
		expectError(t, err, want, strings.Contains(want, "missing"))
	}
	_, err := ReadScores(fileOf(t, "s.jsonl", `{"sample_id":"a","score":null}`))
	expectError(t, err, `row 1 ("a": null)`, true)
}

func TestLookup(t *testing.T) {
	s, err := ReadScores(fileOf(t, "s.csv", "sample_id,score\nc,3\na,1\nb,2\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		keys []string
		out  string
	}{
		{[]string{"a", "b", "c"}, "[1 2 3]"},
		{[]string{"c", "a"}, "[3 1]"},
		{[]string{"a", "a", "b", "c", "a"}, "[1 1 2 3 1]"}, // one digest may stand for several rows
		{[]string{}, "[]"},
	} {
		if got, err := s.Lookup(c.keys); err != nil || fmt.Sprint(got) != c.out {
			t.Errorf("Lookup(%q) = %v, %v; want %s", c.keys, got, err, c.out)
		}
	}
	_, err = s.Lookup([]string{"a", "b", "c", "d", "e", "f", "g"})
	expectError(t, err, `4 of 7 samples have no score: "d", "e", "f" and 1 more`, true)
	samples := func(ids ...string) iter.Seq2[string, string] {
		return func(yield func(id, prompt string) bool) {
			for _, id := range ids {
				if !yield(id, SHA256Hex(id)) {
					return
				}
			}
		}
	}
	expectError(t, s.Check(samples("b")), `column "sample_id": not in the benchmark: "c", "a"`, true)
	if err := s.Check(samples("a", "b", "c", "d")); err != nil {
		t.Error(err)
	}
	if s.ByDigest() || !(&Scores{Keyed: Keyed{Key: "prompt_sha256"}}).ByDigest() {
		t.Error("keyed by the wrong column")
	}
}

func TestStreamScores(t *testing.T) {
	type row struct {
		A float64  `parquet:"a"`
		B *float64 `parquet:"b,optional"`
		S string   `parquet:"s"`
	}
	v := 2.0
	rows := []row{{1, &v, "x"}, {2, &v, "y"}, {3, nil, "z"}}
	path := fileOf(t, "s.parquet", string(raw(t, rows)))
	sum, stop := 0.0, errors.New("stop")
	add := func(batch []float64) error {
		for _, x := range batch {
			sum += x
		}
		return nil
	}
	if err := StreamScores(path, "a", add); err != nil || sum != 6 {
		t.Error(sum, err)
	}
	expectError(t, StreamScores(path, "b", add), `row 3, column "b": found null, expected a finite number`, false)
	expectError(t, StreamScores(path, "c", add), `column "c": missing`, true)
	expectError(t, StreamScores(path, "s", add), `column "s": found STRING, expected numbers`, false)
	if err := StreamScores(path, "a", func([]float64) error { return stop }); err != stop {
		t.Error("want the error of yield, got ", err)
	}
	rows[1].A = math.NaN()
	path = fileOf(t, "nan.parquet", string(raw(t, rows, parquet.MaxRowsPerRowGroup(1))))
	expectError(t, StreamScores(path, "a", add), `row 2, column "a": found NaN`, false)
}

func TestStream(t *testing.T) {
	want := smallTable(1000)
	path := fileOf(t, "p.parquet", string(bytesOf(t, want)))
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := Select{Features: true, Digests: true, Prompts: true}
	for _, batch := range []int{1, 7, 999, 1000, 5000} {
		row := 0
		err := f.Stream(all, batch, func(part *Table) error {
			if part.Rows() > batch || len(part.Features) != 4 || part.Quality != nil {
				return fmt.Errorf("batch of %d rows, %d features", part.Rows(), len(part.Features))
			}
			for i := range part.SampleID {
				if part.SampleID[i] != want.SampleID[row] || part.Prompt[i] != want.Prompt[row] || part.Features[0].Values[i] != want.Features[0].Values[row] {
					return fmt.Errorf("row %d is %q", row, part.SampleID[i])
				}
				row++
			}
			return nil
		})
		if err != nil || row != 1000 {
			t.Errorf("batches of %d: %d rows, %v", batch, row, err)
		}
	}
	expectError(t, f.Stream(all, 0, nil), "batch of 0 rows", false)
	bad := rawRows()
	bad[2].Chars = nil
	damaged, err := OpenBytes("bad.parquet", raw(t, bad))
	if err != nil {
		t.Fatal(err)
	}
	expectError(t, damaged.Stream(all, 2, func(*Table) error { return nil }), `row 3, column "feature:chars": found null`, true)
}
