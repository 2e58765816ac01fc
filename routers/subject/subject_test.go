package subject

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
)

func TestSubject(t *testing.T) {
	s := &training.Source{Kind: training.Gold, Name: "g", Gain: []float64{1, 0, -1, math.NaN()}}
	for i, task := range []string{"law", "law", "anatomy", "chess"} {
		s.Prompts, s.Norm = append(s.Prompts, routers.Prompt{Task: task}), append(s.Norm, strings.Repeat("0", 63)+string(rune('a'+i)))
	}
	m, _, err := Train([]*training.Source{s}, training.Options{Strong: "s", Weak: "w"})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "m")
	if err := m.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	got, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	scores, err := got.Scores(t.Context(), []routers.Prompt{{Task: "law"}, {Task: "anatomy"}, {Task: "chess"}})
	if err != nil || !slices.Equal(scores, []float64{0.5, -1, 0}) {
		t.Errorf("scores %v, %v", scores, err)
	}
	one, _ := m.Bytes()
	if two, err := got.Bytes(); err != nil || !bytes.Equal(one, two) {
		t.Errorf("a model's bytes differ after it was written and read, error %v", err)
	}
	if err := os.WriteFile(path, bytes.Replace(one, []byte(`"means"`), []byte(`"beans"`), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), `tensor "means" is missing`) {
		t.Errorf("error %v", err)
	}
}

func TestTrainRefuses(t *testing.T) {
	if _, _, err := Train([]*training.Source{{Kind: training.Judge, Name: "j"}}, training.Options{}); err == nil || !strings.Contains(err.Error(), "use --gold") {
		t.Errorf("error %v", err)
	}
	if _, _, err := Train(nil, training.Options{}); err == nil {
		t.Error("no error for no sources")
	}
	unknown := &training.Source{Kind: training.Gold, Prompts: []routers.Prompt{{Task: "law"}}, Norm: []string{"n"}, Gain: []float64{math.NaN()}}
	if _, _, err := Train([]*training.Source{unknown}, training.Options{}); err == nil || !strings.Contains(err.Error(), "a known gain") {
		t.Errorf("error %v for a source without a known gain", err)
	}
}
