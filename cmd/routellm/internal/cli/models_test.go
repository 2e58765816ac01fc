package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers/mf"
	"github.com/routellm/routellm/routers/swranking"
)

// builtinModel is a trained router with its recipe.
type builtinModel struct {
	recipe string
	bytes  func() ([]byte, error)
}

// builtinModels are those that make models writes, by name.
func builtinModels(t *testing.T) map[string]builtinModel {
	t.Helper()
	all := map[string]builtinModel{}
	for _, variant := range append(mf.Variants(), "") {
		m, err := mf.Builtin(variant)
		if err != nil {
			t.Fatal(err)
		}
		all["mf@"+variant] = builtinModel{m.Recipe, m.Bytes}
	}
	m, err := swranking.Builtin("") // the others are parts of it
	if err != nil {
		t.Fatal(err)
	}
	all["sw_ranking"] = builtinModel{m.Recipe, m.Bytes}
	return all
}

// TestBuiltinModelsAreReproduced trains every built-in model by the recipe in it
// and compares bytes, as make models would write them.
func TestBuiltinModelsAreReproduced(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("skipped: sums round differently on other processors")
	}
	for name, m := range builtinModels(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "m.safetensors")
			var out, errs bytes.Buffer
			args := append(strings.Fields(m.recipe)[1:], "--out", path)
			if code := Main(args, &out, &errs); code != exitDone {
				t.Fatal(errs.String())
			}
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want, err := m.bytes()
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s gives other bytes than the built-in model; make models", m.recipe)
			}
		})
	}
}

// TestResultsTable compares our numbers in docs/results.md with the program's.
func TestResultsTable(t *testing.T) {
	page, err := os.ReadFile("../../../../docs/results.md")
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := Main([]string{"eval", "--router", "length,mf,mf@arena,mf@judge,mf@gold", "--bench", "all", "--format", "json"}, &out, &errs); code != exitDone {
		t.Fatal(errs.String())
	}
	var doc struct {
		Benchmarks []struct {
			Name    string
			Routers []struct {
				Name    string
				Metrics struct {
					APGR struct{ Value float64 }
					CPT  map[string]struct{ Value float64 }
				}
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for _, b := range doc.Benchmarks {
		for _, r := range b.Routers[:5] {
			m := r.Metrics
			want := fmt.Sprintf("%.3f / %.1f / %.1f", m.APGR.Value, 100*m.CPT["50"].Value, 100*m.CPT["80"].Value)
			row := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(r.Name) + ` \|.*$`).FindString(string(page))
			if !strings.Contains(row, want) {
				t.Errorf("%s on %s: %s is not in the row %q", r.Name, b.Name, want, row)
			}
		}
	}
}
