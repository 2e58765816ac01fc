package summaries_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/internal/hint"
)

// write writes files into a new folder and returns their paths.
func write(t testing.TB, contents ...string) []string {
	t.Helper()
	dir, paths := t.TempDir(), []string(nil)
	for i, content := range contents {
		paths = append(paths, filepath.Join(dir, string(rune('a'+i))+".csv"))
		if err := os.WriteFile(paths[i], []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

const head = "bin,score_min,score_max,n,strong,weak,gain2\n"

func TestRead(t *testing.T) {
	got, err := summaries.Read(context.Background(), write(t, head+"1,0.5,0.9,4,4,1,3\n0,0,0.4,6,5,4,3\n,,,2,0,0,0\n", head+"1,0.45,0.8,2,1,1,2\n"), summaries.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := got.Routers[0].Summary
	if len(got.Routers) != 1 || len(got.Files) != 2 || len(s.Bins) != 2 || s.Rows() != 12 || s.Unused != 2 || s.Buckets() != 0 || s.Weighted() {
		t.Errorf("got %+v, %d rows", s, s.Rows())
	}
	if b := s.Bins[0]; b.Min != 0.45 || b.Max != 0.9 || b.N != 6 || b.Strong != 5 || b.Weak != 2 || b.Gain2 != 5 {
		t.Errorf("merged bin %+v", b)
	}
}

// TestReadErrors checks that each defect is named with file, row and column.
func TestReadErrors(t *testing.T) {
	for want, contents := range map[string][]string{
		`row 1, column "strong": found "NaN", expected a finite number`:                  {head + "1,0,1,4,NaN,1,3\n"},
		`row 2, column "n": found "-4", expected a number above 0`:                       {head + "1,0,1,4,4,1,3\n2,2,3,-4,4,1,3\n"},
		`column "gain2": missing, expected a summary with the columns bin,`:              {"bin,score_min,score_max,n,strong,weak\n1,0,1,4,4,1\n"},
		`row 1, column "n": found "4.5", expected a whole number`:                        {head + "1,0,1,4.5,4,1,3\n"},
		`row 1, column "n": found "1e17", expected at most 9007199254740992`:             {head + "1,0,1,1e17,4,1,3\n"},
		`row 1, column "n": found "1e30", expected a number of rows`:                     {head + ",,,1e30,0,0,0\n"},
		`row 1, column "score_min": found "2", expected at most score_max, 1`:            {head + "1,2,1,4,4,1,3\n"},
		`row 1, column "gain2": found "2", expected at least (strong - weak)^2/n = 2.25`: {head + "1,0,1,4,4,1,2\n"},
		`the bins with scores 0 to 1 and 0.5 to 2 overlap`:                               {head + "1,0,1,4,4,1,3\n2,0.5,2,4,4,1,3\n"},
		`row 1, column "bin": found "x", expected a finite number`:                       {head + "x,0,1,4,4,1,3\n"},
		`row 1, column "score_max": found nothing, expected a finite number`:             {head + "1,0,,4,4,1,3\n"},
		`a.csv" has none: expected parts of one summary with the same columns`:           {head + "1,0,1,4,4,1,3\n", "bucket," + head + "0,1,0,1,4,4,1,3\n"},
		`row 1, column "bucket": found "-1", expected a whole number from 0 to 1048575`:  {"bucket," + head + "-1,1,0,1,4,4,1,3\n"},
		`row 1, column "bucket": found nothing, expected a whole number`:                 {"bucket," + head + ",1,0,1,4,4,1,3\n"},
		`row 1, column "rows": found "0", expected a whole number of at least 1`:         {"rows," + head + "0,1,0,1,4.5,4,1,3\n"},
		`b.csv" have the same bytes: expected parts of one summary`:                      {head + "1,0,1,4,4,1,3\n", head + "1,0,1,4,4,1,3\n"},
		`no row of the router "b" can be used (9 rows)`:                                  {"router," + head + "a,1,0,1,4,4,1,3\nb,,,,9,0,0,0\n"},
		`no row of the table can be used (3 rows)`:                                       {head + ",,,3,0,0,0\n"},
		`no rows, expected at least one`:                                                 {head},
		`row 1, column "n": found nothing, expected a finite number`:                     {head + ",,,,0,0,0\n"},
		`row 1, column "router": found nothing, expected the name of a router`:           {"router," + head + ",1,0,1,4,4,1,3\n"},
	} {
		_, err := summaries.Read(context.Background(), write(t, contents...), summaries.Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q (hints %q)", err, want, hint.Of(err))
		}
	}
}
