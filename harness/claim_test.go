package harness

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// scoreFile writes a file of scores with the given metadata and further columns.
func scoreFile(t *testing.T, meta datasets.ScoreMeta, more ...datasets.AnyColumn) string {
	t.Helper()
	columns := append([]datasets.AnyColumn{
		{Name: "sample_id", Strings: []string{"a", "b", "c", "d"}},
		{Name: "score", Floats: []float64{1, 2, 3, 4}},
	}, more...)
	var b bytes.Buffer
	if err := datasets.WriteColumns(&b, columns, meta.Pairs()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "s.parquet")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestClaims tells whose scores files hold.
func TestClaims(t *testing.T) {
	open := func(name string) Router {
		t.Helper()
		r, err := OpenOne(name, RouterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	mf, length := open("mf"), open("x=length")
	id, err := IdentityOf(mf)
	if err != nil {
		t.Fatal(err)
	}
	ofMF := datasets.ScoreMeta{Router: "renamed", RouterSHA256: id.SHA256, Encoder: id.Encoder, EncoderSHA256: id.EncoderSHA256}
	for _, x := range []struct {
		name       string
		path       string
		mf, length bool
	}{
		{"mf, by its digest", scoreFile(t, ofMF), true, false},
		{"another mf", scoreFile(t, datasets.ScoreMeta{Router: "mf", RouterSHA256: strings.Repeat("0", 64), Encoder: id.Encoder, EncoderSHA256: id.EncoderSHA256}), false, false},
		{"mf, without a digest", scoreFile(t, datasets.ScoreMeta{Router: "mf"}), false, false},
		{"another encoder", scoreFile(t, datasets.ScoreMeta{Router: "mf", RouterSHA256: id.SHA256, Encoder: "other"}), false, false},
		{"length, with a label", scoreFile(t, datasets.ScoreMeta{Router: "y=length"}), false, true},
		{"nobody's", scoreFile(t, datasets.ScoreMeta{}), false, false},
		{"a data set", scoreFile(t, ofMF, datasets.AnyColumn{Name: "prompt", Strings: []string{"p", "q", "r", "s"}}), false, false},
		{"built in", "mmlu", false, false},
		{"no file", "none.parquet", false, false},
	} {
		c, err := claimOf(x.path)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
		}
		gotMF, err1 := c.isOf(mf)
		gotLength, err2 := c.isOf(length)
		if gotMF != x.mf || gotLength != x.length || err1 != nil || err2 != nil {
			t.Errorf("%s: mf %t, length %t, %v, %v", x.name, gotMF, gotLength, err1, err2)
		}
	}
}

// TestScoresOfNobody advises about scores of a model that the file does not name.
func TestScoresOfNobody(t *testing.T) {
	mf, err := OpenOne("mf", RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o := DefaultCalibrate(StrongFractions(0.5))
	o.Data = scoreFile(t, datasets.ScoreMeta{}, datasets.AnyColumn{Name: "prompt_sha256", Strings: []string{"1", "2", "3", "4"}})
	_, err = Calibrate(context.Background(), mf, o)
	if err == nil || !slices.ContainsFunc(hint.Of(err), func(h string) bool { return strings.Contains(h, "--router scores:"+o.Data+" takes them as they are") }) {
		t.Errorf("error %v, hints %q", err, hint.Of(err))
	}
}

// TestArtifactOfScores checks that a file of scores stands for its router, and that artifacts of
// earlier releases, which name the file, still fit it.
func TestArtifactOfScores(t *testing.T) {
	path := scoreFile(t, datasets.ScoreMeta{Router: "length"})
	file, err := OpenCalibrated("scores:"+path, RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	length, err := OpenCalibrated("length", RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := Calibrate(context.Background(), file, DefaultCalibrate(StrongFractions(0.5)))
	if err != nil || c.Artifact.Router != (results.ArtifactRouter{Spec: "length"}) {
		t.Fatalf("%+v, %v", c, err)
	}
	old := *c.Artifact
	if old.Router, err = fileIdentity(file); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		artifact *results.Artifact
		router   Router
		fits     bool
	}{{c.Artifact, length, true}, {c.Artifact, file, true}, {&old, file, true}, {&old, length, false}} {
		if err := CheckIdentity("a.json", x.artifact, x.router); (err == nil) != x.fits {
			t.Errorf("artifact of %v, router %q: %v", x.artifact.Router, x.router.Spec.Label, err)
		}
	}
}

// TestClaimClusters joins the scores of one conversation, and those of one prompt.
func TestClaimClusters(t *testing.T) {
	path := scoreFile(t, datasets.ScoreMeta{Router: "length"},
		datasets.AnyColumn{Name: "cluster", Strings: []string{"k", "k", "l", "m"}},
		datasets.AnyColumn{Name: "prompt_sha256", Strings: []string{"1", "2", "3", "3"}})
	c, err := claimOf(path)
	if err != nil {
		t.Fatal(err)
	}
	for o, want := range map[Clustering][]int{"": {0, 0, 1, 1}, ClusterColumn: {0, 0, 1, 2}, ClusterNone: nil} {
		if got, err := c.clusters(context.Background(), o); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, expected %v, %v", o, got, want, err)
		}
	}
}
