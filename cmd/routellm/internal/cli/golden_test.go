package cli

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// reference is one golden file: what RouteLLM's own program computes.
type reference struct {
	Rows    [][]any              `json:"rows"`
	Vectors map[string][]float64 `json:"vectors"`
	Cases   []struct {
		Vector     string             `json:"vector"`
		NumResults int                `json:"num_results"`
		Raises     any                `json:"raises"`
		Qual       map[string]float64 `json:"qual"`
		AUC, APGR  float64
	} `json:"cases"`
}

func readReference(t *testing.T, name string) reference {
	t.Helper()
	if shared == "" {
		t.Skip("skipped: no ../shared")
	}
	f, err := os.Open(filepath.Join(shared, "golden", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var r reference
	if err := json.NewDecoder(z).Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCompatFromScoreFiles gives the reference's score vectors to the program as
// files, joined by sample_id, and its random router as a name.
func TestCompatFromScoreFiles(t *testing.T) {
	for name, unit := range map[string]float64{"mmlu": 100, "gsm8k": 100, "mt-bench": 1} {
		ref := readReference(t, name)
		dir := t.TempDir()
		for vector, scores := range ref.Vectors {
			writeScores(t, filepath.Join(dir, vector+".csv"), ref.Rows, scores)
		}
		for _, c := range ref.Cases {
			t.Run(fmt.Sprintf("%s/%s/%d", name, c.Vector, c.NumResults), func(t *testing.T) {
				router := "scores:" + filepath.Join(dir, c.Vector+".csv")
				if c.Vector == "random-router" {
					router = "random"
				}
				var out, errs bytes.Buffer
				code := Main([]string{"eval", "--bench", name, "--router", router, "--compat", "routellm",
					"--num-results", fmt.Sprint(c.NumResults), "--format", "json"}, &out, &errs)
				if c.Raises != nil {
					if code != cmdutil.ExitUsage || !strings.Contains(errs.String(), "quantile edges") {
						t.Errorf("exit %d: %s", code, errs.String())
					}
					return
				}
				if code != cmdutil.ExitDone {
					t.Fatal(errs.String())
				}
				m := firstMetrics(t, out.Bytes())
				same(t, "APGR", m.APGR.Value, c.APGR)
				same(t, "AUC", unit*m.AUC.Value, c.AUC)
				for percent, want := range c.Qual {
					same(t, "CPT"+percent, 100*m.CPT[percent].Value, want)
				}
			})
		}
	}
}

type value struct {
	Value float64 `json:"value"`
}

type metrics struct {
	APGR value            `json:"apgr"`
	AUC  value            `json:"auc"`
	CPT  map[string]value `json:"cpt"`
}

// firstMetrics reads the first router's metrics as another program would.
func firstMetrics(t *testing.T, raw []byte) metrics {
	t.Helper()
	var doc struct {
		Benchmarks []struct {
			Routers []struct {
				Metrics metrics `json:"metrics"`
			} `json:"routers"`
		} `json:"benchmarks"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Benchmarks[0].Routers[0].Metrics
}

// writeScores writes a score file; the reference's row numbers are not padded.
func writeScores(t *testing.T, path string, rows [][]any, scores []float64) {
	t.Helper()
	var b strings.Builder
	b.WriteString("sample_id,score\n")
	for i, row := range rows {
		id := row[1].(string)
		cut := strings.LastIndex(id, "/")
		if n := id[cut+1:]; !strings.HasPrefix(id, "mt-bench") {
			id = id[:cut+1] + strings.Repeat("0", 4-len(n)) + n
		}
		fmt.Fprintf(&b, "%s,%v\n", id, scores[i])
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-12*max(1, math.Abs(want))) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}
