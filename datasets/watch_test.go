package datasets

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets/rows"
)

// TestImportsTellHowFarTheyAre expects an import to be followed from its start to its end, and
// an error to end it at once.
func TestImportsTellHowFarTheyAre(t *testing.T) {
	var csv, jsonl strings.Builder
	csv.WriteString("prompt,m,model_a,model_b,winner\n")
	for i := range 3 * watchRows {
		fmt.Fprintf(&csv, "text %d,1,a,b,tie\n", i)
		fmt.Fprintf(&jsonl, `{"prompt": "text %d", "model": "m", "grade": 3}`+"\n", i)
	}
	table, grades := fileOf(t, "a.csv.gz", csv.String()), fileOf(t, "a.jsonl", jsonl.String())
	for name, run := range map[string]func(progress func(done, total int) error) error{
		"table": func(progress func(done, total int) error) error {
			_, _, err := ImportTable(context.Background(), table, Mapping{Models: []ModelColumn{{"m", "m"}}, Rows: rows.Options{Progress: progress}})
			return err
		},
		"battles": func(progress func(done, total int) error) error {
			_, _, err := ImportBattles(context.Background(), []string{table}, BattleOptions{Rows: rows.Options{Progress: progress}})
			return err
		},
		"grades": func(progress func(done, total int) error) error {
			_, _, err := ImportTable(context.Background(), grades, Mapping{Model: "model", Rows: rows.Options{Progress: progress}})
			return err
		},
	} {
		steps, last, calls := 1, 0, 0
		if err := run(func(done, total int) error {
			if calls++; done < last {
				steps++
			}
			last = done
			if total != 100 || done < 0 || done > total {
				t.Errorf("%s: %d of %d", name, done, total)
			}
			return nil
		}); err != nil || steps != 1 || last != 100 || calls < 2 {
			t.Errorf("%s: %d steps in %d calls, the last %d %%: %v", name, steps, calls, last, err)
		}
		stop, after := errors.New("stop"), 0
		if err := run(func(int, int) error { after++; return stop }); !errors.Is(err, stop) || after != 1 {
			t.Errorf("%s: %d calls after an error: %v", name, after, err)
		}
	}
}
