package datasets

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestImportDirection warns of a column whose name sounds as if lower values were better, unless
// the user has said so.
func TestImportDirection(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("id,prompt,model,eval_loss,score\n1,name a tree,x,0.4,1\n2,name a river,x,0.2,0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		m    Mapping
		want bool
	}{
		"loss":          {Mapping{Model: "model", Quality: "eval_loss"}, true},
		"turned around": {Mapping{Model: "model", Quality: "eval_loss", LowerIsBetter: true, Max: 1}, false},
		"score":         {Mapping{Model: "model", Quality: "score"}, false},
	} {
		reading, err := Import(context.Background(), path, c.m, func(*Table) error { return nil })
		warned := strings.Contains(strings.Join(reading.Warnings, "\n"), `column "eval_loss" is read as a quality, of which higher values are better`)
		if err != nil || warned != c.want {
			t.Errorf("%s: warnings %q, %v", name, reading.Warnings, err)
		}
	}
}
