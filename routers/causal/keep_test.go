package causal

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/modelserver/scripted"
	"github.com/routellm/routellm/routers"
)

// filesIn returns the files below a folder.
func filesIn(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var between = regexp.MustCompile(`-{10}\\n(\d+)\\n-{10}`)

// number gives the prompt "n" a win rate of n/1000.
func number(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(between.FindStringSubmatch(scripted.Body(r))[1])
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(w, `{"choices":[{"logprobs":{"top_logprobs":[{"1":%v,"2":-99,"3":-99,"4":%v,"5":-99}]}}]}`,
		math.Log(float64(n)/1000), math.Log(1-float64(n)/1000))
}

func numbered(n int) []routers.Prompt {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = strconv.Itoa(i + 1)
	}
	return prompts(texts...)
}

func checkNumbers(t *testing.T, got []float64) {
	t.Helper()
	for i, rate := range got {
		if want := float64(i+1) / 1000; math.Abs(rate-want) > 1e-6 {
			t.Fatalf("prompt %d has the win rate %v, want %v", i+1, rate, want)
		}
	}
}

// asked returns the number of distinct requests: a cancelled request may still arrive and
// is then sent again.
func asked(s *scripted.Server) int {
	bodies := map[string]bool{}
	for _, r := range s.Requests() {
		bodies[r.Body] = true
	}
	return len(bodies)
}

func TestAnswersAreKept(t *testing.T) {
	broken := true
	s := scripted.Start(t, func(w http.ResponseWriter, r *http.Request) {
		if broken && strings.Contains(scripted.Body(r), `\n21\n`) {
			scripted.Answer(400, `{"error":{"message":"too long"}}`)(w, r)
			return
		}
		number(w, r)
	})
	o := Options{Endpoint: s.URL + "/v1", Model: "m", Concurrency: 2, CacheDir: t.TempDir()}
	_, err := newRouter(t, o).Scores(context.Background(), numbered(40))
	want := fmt.Sprintf(`sample "p21": %q answered 400 Bad Request: "too long"`, s.URL+"/v1/chat/completions")
	if err == nil || err.Error() != want {
		t.Fatalf("error %v, want %s", err, want)
	}
	broken = false
	for _, requests := range []int{40 - 16, 0} { // two blocks of 8 are cached
		s.Forget()
		last := -1
		o.Progress = func(done, total int) {
			if done <= last || total != requests || last < 0 && done != 0 {
				t.Errorf("%d of %d after %d", done, total, last)
			}
			last = done
		}
		got, err := newRouter(t, o).Scores(context.Background(), numbered(40))
		if n := asked(s); err != nil || len(got) != 40 || n != requests || last != requests && requests > 0 || last != -1 && requests == 0 {
			t.Fatalf("%d win rates, %d prompts asked, want %d; %d done; %v", len(got), n, requests, last, err)
		}
		checkNumbers(t, got)
	}
}

func TestWithoutACacheNothingIsKept(t *testing.T) {
	s := scripted.Start(t, number)
	r := newRouter(t, Options{Endpoint: s.URL, Model: "m", API: Completions})
	for range 2 {
		got, err := r.Scores(context.Background(), numbered(20))
		if err != nil {
			t.Fatal(err)
		}
		checkNumbers(t, got)
	}
	if len(s.Requests()) != 40 || r.Warnings() != nil {
		t.Errorf("%d requests, warnings %q", len(s.Requests()), r.Warnings())
	}
}

func TestOtherQuestionsAreOtherAnswers(t *testing.T) {
	s, dir := scripted.Start(t, number), t.TempDir()
	base := Options{Endpoint: s.URL + "/v1", Model: "m", CacheDir: dir}
	model, api, endpoint, slash, top, key := base, base, base, base, base, base
	model.Model, api.API, endpoint.Endpoint = "n", Completions, s.URL+"/v2"
	slash.Endpoint, top.Top, key.Key = s.URL+"/v1/", 100, "k"
	for i, c := range []struct {
		o    Options
		asks int
	}{{base, 1}, {model, 1}, {api, 1}, {endpoint, 1}, {slash, 0}, {top, 0}, {key, 0}, {base, 0}} {
		s.Forget()
		if _, err := newRouter(t, c.o).Scores(context.Background(), numbered(1)); err != nil || len(s.Requests()) != c.asks {
			t.Errorf("%d: %d requests, want %d: %v", i, len(s.Requests()), c.asks, err)
		}
	}
}

func TestOtherAdaptersAreOtherAnswers(t *testing.T) {
	s := scripted.Start(t, number)
	o := Options{Endpoint: s.URL + "/v1", Model: "m", CacheDir: t.TempDir()}
	a, b := adapterFolder(t, "a"), adapterFolder(t, "b")
	for i, c := range []struct {
		dir  string
		asks int
	}{{"", 1}, {a, 1}, {b, 1}, {a, 0}, {b, 0}, {"", 0}} {
		s.Forget()
		var r routers.Router = newRouter(t, o)
		if c.dir != "" {
			var err error
			if r, err = Adapt(o, c.dir); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.Scores(context.Background(), numbered(1)); err != nil || len(s.Requests()) != c.asks {
			t.Errorf("%d: %d requests, want %d: %v", i, len(s.Requests()), c.asks, err)
		}
	}
}

func TestRepeatedPromptsAreAskedOnce(t *testing.T) {
	s := scripted.Start(t, number)
	r := newRouter(t, Options{Endpoint: s.URL, Model: "m", Concurrency: 1, CacheDir: t.TempDir()})
	got, err := r.Scores(context.Background(), append(numbered(6), numbered(6)...))
	if err != nil || len(got) != 12 || len(s.Requests()) != 6 {
		t.Fatalf("%v, %d requests: %v", got, len(s.Requests()), err)
	}
	checkNumbers(t, got[:6])
	checkNumbers(t, got[6:])
}

// TestADamagedAnswerIsAskedAgain changes the last of three answers.
func TestADamagedAnswerIsAskedAgain(t *testing.T) {
	s, dir := scripted.Start(t, number), t.TempDir()
	o := Options{Endpoint: s.URL, Model: "m", CacheDir: dir}
	for run := range 2 {
		r := newRouter(t, o)
		got, err := r.Scores(context.Background(), numbered(3))
		if err != nil || len(s.Requests()) != 3+run || len(r.Warnings()) != run {
			t.Fatalf("run %d: %d requests, warnings %q: %v", run, len(s.Requests()), r.Warnings(), err)
		}
		checkNumbers(t, got)
		file := filesIn(t, dir)[0]
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		content[len(content)-1]++
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACacheThatCannotBeRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{Endpoint: "http://h/v1", Model: "m", CacheDir: file}); err == nil || !strings.Contains(err.Error(), "vector cache: ") {
		t.Errorf("error %v", err)
	}
}
