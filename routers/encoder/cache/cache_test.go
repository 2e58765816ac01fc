package cache

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/routers/encoder"
)

// fake derives a vector from each text's digest and records the texts it is asked for.
type fake struct {
	dim int

	mu     sync.Mutex
	asked  map[string]int
	chunks []int
	fail   func(call int) error // receives the number of the call, from 1
}

func (f *fake) Identity() encoder.Identity { return encoder.Identity{Name: "fake", SHA256: "f"} }

func (f *fake) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.chunks = append(f.chunks, len(texts))
	if f.fail != nil {
		if err := f.fail(len(f.chunks)); err != nil {
			return nil, err
		}
	}
	var out [][]float32
	for _, text := range texts {
		if f.asked == nil {
			f.asked = map[string]int{}
		}
		f.asked[text]++
		out = append(out, fakeVector(text, f.dim))
	}
	return out, ctx.Err()
}

func fakeVector(text string, dim int) []float32 {
	sum, v := sha256.Sum256([]byte(text)), make([]float32, dim)
	for k := range v {
		v[k] = float32(sum[k%len(sum)]) / float32(k+3)
	}
	return v
}

func open(t *testing.T, dir, key string) *Cache {
	t.Helper()
	c, err := Open(dir, key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// encode encodes with a newly opened cache and checks every vector.
func encode(t *testing.T, dir string, f *fake, texts []string) *Cache {
	t.Helper()
	c := open(t, dir, "key")
	got, err := Wrap(f, c).Encode(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	checkVectors(t, got, texts, f.dim)
	return c
}

func checkVectors(t *testing.T, got [][]float32, texts []string, dim int) {
	t.Helper()
	if len(got) != len(texts) {
		t.Fatalf("%d vectors, want %d", len(got), len(texts))
	}
	for i, text := range texts {
		if !slices.Equal(got[i], fakeVector(text, dim)) {
			t.Fatalf("text %d %q: %v, want %v", i, text, got[i], fakeVector(text, dim))
		}
	}
}

func numbered(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("text %d", i)
	}
	return texts
}

// files returns the files with vectors, of this and of earlier releases.
func files(t *testing.T, dir string) (paths []string) {
	t.Helper()
	for _, pattern := range []string{"*.store", "*" + extension} {
		found, err := filepath.Glob(filepath.Join(dir, "*", pattern))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	return paths
}

func TestAsksForEachTextOnce(t *testing.T) {
	dir, f := filepath.Join(t.TempDir(), "a", "b"), &fake{dim: 7}
	texts := append(numbered(600), "text 3", "", "text 3", "a\xff", "a\uFFFD")
	encode(t, dir, f, texts)
	encode(t, dir, f, texts)
	encode(t, dir, f, append(texts, "one more"))
	for text, n := range f.asked {
		if n != 1 {
			t.Errorf("%q was asked %d times", text, n)
		}
	}
	slices.Sort(f.chunks)
	if want := []int{1, 91, 256, 256}; !slices.Equal(f.chunks, want) || len(f.asked) != 604 {
		t.Errorf("%d texts in chunks of %v, want 604 in %v", len(f.asked), f.chunks, want)
	}
	if n := len(files(t, dir)); n < 1 || n > 4 { // one per process or, here, cache that writes at a time
		t.Errorf("%d files", n)
	}
}

func TestNothingIsAskedOrWrittenForNothing(t *testing.T) {
	dir, f := t.TempDir(), &fake{dim: 7}
	encode(t, dir, f, nil)
	encode(t, dir, f, []string{})
	if len(f.chunks) != 0 || len(files(t, dir)) != 0 {
		t.Errorf("chunks %v, files %v", f.chunks, files(t, dir))
	}
}

func TestOddFloatsComeBackAsTheyWere(t *testing.T) {
	dir, want := t.TempDir(), []float32{0, float32(math.Copysign(0, -1)), math.SmallestNonzeroFloat32, -math.MaxFloat32, 0.1}
	c := open(t, dir, "key")
	d := c.digest("x")
	if err := c.put([]digest{d}, [][]float32{want}); err != nil {
		t.Fatal(err)
	}
	got := make([][]float32, 1)
	if missing, err := open(t, dir, "key").look([]digest{d}, got); missing != nil || err != nil {
		t.Fatalf("missing %v, %v", missing, err)
	}
	for k := range want {
		if math.Float32bits(got[0][k]) != math.Float32bits(want[k]) {
			t.Errorf("component %d: %v, want %v", k, got[0][k], want[k])
		}
	}
}

func TestEqualTextsDoNotShareMemory(t *testing.T) {
	f := &fake{dim: 2}
	got, err := Wrap(f, open(t, t.TempDir(), "key")).Encode(context.Background(), []string{"a", "a", "a"})
	if err != nil {
		t.Fatal(err)
	}
	got[0][0], got[1][0] = -1, -2
	if got[2][0] != fakeVector("a", 2)[0] {
		t.Error("a change of one vector is seen in another")
	}
}

func TestWhatWasStoredBeforeAFailureIsNotAskedAgain(t *testing.T) {
	for name, fail := range map[string]func(cancel func()) error{
		"error":     func(func()) error { return errors.New("out of credit") },
		"cancelled": func(cancel func()) error { cancel(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			dir, texts := t.TempDir(), numbered(256*20)
			ctx, cancel := context.WithCancel(context.Background())
			f := &fake{dim: 3, fail: func(call int) error {
				if call == 6 {
					return fail(cancel)
				}
				return ctx.Err()
			}}
			if _, err := Wrap(f, open(t, dir, "key")).Encode(ctx, texts); err == nil {
				t.Fatal("no error")
			}
			again := &fake{dim: 3}
			encode(t, dir, again, texts)
			stored := float64(len(texts)-len(again.asked)) / 256
			if stored < 5 || stored > 5+concurrency || stored != math.Trunc(stored) {
				t.Errorf("%v chunks were stored, want 5 or those under way too", stored)
			}
		})
	}
}

// TestDamagedVectorsAreAskedAgain damages one of two vectors; its text must be requested again, once.
func TestDamagedVectorsAreAskedAgain(t *testing.T) {
	dir, f := t.TempDir(), &fake{dim: 3}
	encode(t, dir, f, []string{"first"})
	encode(t, dir, f, []string{"second"})
	path := files(t, dir)[0]
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(content), string(pack(fakeVector("first", 3))))
	content[at]++
	write(t, path, content)
	c := encode(t, dir, f, []string{"second", "first"})
	if got := c.Warnings(); len(got) != 1 || !strings.HasPrefix(got[0], "vector cache: skipped ") || !strings.Contains(got[0], filepath.Base(path)) {
		t.Errorf("warnings %q", got)
	}
	encode(t, dir, f, []string{"first", "second"})
	if f.asked["first"] != 2 || f.asked["second"] != 1 {
		t.Errorf("asked %v", f.asked)
	}
}

// TestVectorsOfTwoLengths covers what two processes leave behind if the server changes
// its model in between: the text is asked again, once.
func TestVectorsOfTwoLengths(t *testing.T) {
	dir, f := t.TempDir(), &fake{dim: 3}
	one, two := open(t, dir, "key"), open(t, dir, "key")
	for i, c := range []*Cache{one, two} {
		text := []string{"a", "b"}[i]
		if err := c.put([]digest{c.digest(text)}, [][]float32{fakeVector(text, 3+i)}); err != nil {
			t.Fatal(err)
		}
	}
	c := encode(t, dir, f, []string{"a", "b"})
	if got := c.Warnings(); len(got) != 1 || !strings.Contains(got[0], "a vector has 4 components, expected 3") {
		t.Errorf("warnings %q", got)
	}
	if c = encode(t, dir, f, []string{"a", "b"}); len(c.Warnings()) != 0 || f.asked["a"] != 0 || f.asked["b"] != 1 {
		t.Errorf("warnings %q, asked %v", c.Warnings(), f.asked)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestVectorsOfAnotherKeyAreNeverServed moves a file between folders.
func TestVectorsOfAnotherKeyAreNeverServed(t *testing.T) {
	dir, f := t.TempDir(), &fake{dim: 3}
	encode(t, dir, f, []string{"a"})
	other := open(t, dir, "other key")
	if err := os.Rename(filepath.Dir(files(t, dir)[0]), other.dir); err != nil {
		t.Fatal(err)
	}
	c := open(t, dir, "other key")
	if _, err := Wrap(f, c).Encode(context.Background(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	if f.asked["a"] != 2 || len(c.Warnings()) != 1 || !strings.Contains(c.Warnings()[0], "found values of kind") {
		t.Errorf("asked %v, warnings %q", f.asked, c.Warnings())
	}
}

func TestAnotherDimensionIsAnError(t *testing.T) {
	dir := t.TempDir()
	encode(t, dir, &fake{dim: 3}, []string{"a"})
	before := files(t, dir)
	_, err := Wrap(&fake{dim: 4}, open(t, dir, "key")).Encode(context.Background(), []string{"a", "b"})
	if err == nil || !strings.Contains(err.Error(), "a new vector has 4 components") || len(hint.Of(err)) != 1 {
		t.Errorf("error %v", err)
	}
	if !slices.Equal(files(t, dir), before) {
		t.Errorf("files %v", files(t, dir))
	}
	_, err = Wrap(&fake{dim: 0}, open(t, t.TempDir(), "key")).Encode(context.Background(), []string{"a"})
	if err == nil || !strings.Contains(err.Error(), "a new vector has 0 components") {
		t.Errorf("error %v", err)
	}
}

// short returns one vector too few.
type short struct{ fake }

func (s *short) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	v, err := s.fake.Encode(ctx, texts)
	return v[1:], err
}

func TestMissingVectorsAreAnError(t *testing.T) {
	_, err := Wrap(&short{fake{dim: 2}}, open(t, t.TempDir(), "key")).Encode(context.Background(), []string{"a", "b"})
	if err == nil || !strings.Contains(err.Error(), `"fake" returned 1 vector for 2 texts`) {
		t.Errorf("error %v", err)
	}
}

func TestErrorsCountTheCallersTexts(t *testing.T) {
	dir, f := t.TempDir(), &fake{dim: 2}
	encode(t, dir, f, []string{"a", "b"})
	f.fail = func(int) error {
		return hint.With(&encoder.BatchError{First: 1, Count: 1, Err: errors.New("too long")}, "hint")
	}
	_, err := Wrap(f, open(t, dir, "key")).Encode(context.Background(), []string{"b", "c", "a", "c", "d"})
	if err == nil || err.Error() != "prompt 5 (first of a batch of 1): too long" {
		t.Errorf("error %v", err)
	}
}

func TestTwoProcessesShareAFolder(t *testing.T) {
	dir, texts := t.TempDir(), numbered(1000)
	one, two := open(t, dir, "key"), open(t, dir, "key")
	var wait sync.WaitGroup
	for _, c := range []*Cache{one, two, two} {
		wait.Go(func() {
			got, err := Wrap(&fake{dim: 5}, c).Encode(context.Background(), texts)
			if err != nil {
				t.Error(err)
				return
			}
			checkVectors(t, got, texts, 5)
		})
	}
	wait.Wait()
	f := &fake{dim: 5}
	if c := encode(t, dir, f, texts); len(f.asked) != 0 || len(c.Warnings()) != 0 {
		t.Errorf("asked %d, warnings %q", len(f.asked), c.Warnings())
	}
}

func TestProgressCountsWhatIsAsked(t *testing.T) {
	dir, f := t.TempDir(), &fake{dim: 2}
	encode(t, dir, f, numbered(10))
	e, last := Wrap(f, open(t, dir, "key")), 0
	e.Progress = func(done, total int) {
		if done <= last || total != 590 {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
	}
	if _, err := e.Encode(context.Background(), numbered(600)); err != nil || last != 590 {
		t.Errorf("%d done, %v", last, err)
	}
	if e.Identity() != f.Identity() {
		t.Errorf("identity %v", e.Identity())
	}
}

func TestFoldersThatCannotBeUsed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, nil)
	if _, err := Open(path, "key"); err == nil || !strings.Contains(err.Error(), "vector cache: ") {
		t.Errorf("error %v", err)
	}
	c := open(t, filepath.Dir(path), "key")
	write(t, c.dir, nil)
	if _, err := Wrap(&fake{dim: 2}, c).Encode(context.Background(), []string{"a"}); err == nil || !strings.Contains(err.Error(), "vector cache: ") {
		t.Errorf("error %v", err)
	}
}

func TestDefaultDir(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", os.Getenv("XDG_CACHE_HOME"))
	user, err := os.UserCacheDir()
	if err != nil {
		t.Skip("skipped: no cache folder")
	}
	if got, err := DefaultDir(); err != nil || got != filepath.Join(user, "routellm", "embeddings") {
		t.Errorf("%q, %v", got, err)
	}
}

func BenchmarkHits(b *testing.B) {
	dir, texts := b.TempDir(), numbered(10_000)
	c, _ := Open(dir, "key")
	if _, err := Wrap(&fake{dim: 1536}, c).Encode(context.Background(), texts); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		c, err := Open(dir, "key")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Wrap(&fake{}, c).Encode(context.Background(), texts); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "texts/s")
}
