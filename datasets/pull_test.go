package datasets

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// publicOriginals serves the original files like the public repository does.
func publicOriginals(t *testing.T, name string) string {
	root := filepath.Join("..", "..", "shared", "data")
	if _, err := os.Stat(root); err != nil {
		t.Skip("skipped: no ../shared")
	}
	files := originals(name)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		local, ok := files[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		http.ServeFile(w, r, filepath.Join(root, local))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func TestFetchedOriginalsGiveTheText(t *testing.T) {
	for name, n := range map[string]int{"mmlu": 14042, "gsm8k": 1319, "mt-bench": 80} {
		dir := t.TempDir()
		if err := fetchOriginals(context.Background(), publicOriginals(t, name), name, dir, nil); err != nil {
			t.Fatal(err)
		}
		got, err := PullText(context.Background(), name, dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := *got
		if err := got.MatchText(&want); err != nil || got.Rows() != n || len(got.Quality) != 0 || len(got.Prompt) != n {
			t.Errorf("%s: %d rows, %d qualities, %v", name, got.Rows(), len(got.Quality), err)
		}
		want.PromptSHA256 = append([]string(nil), want.PromptSHA256...)
		want.PromptSHA256[3] = strings.Repeat("0", 64)
		if err := got.MatchText(&want); err == nil || !strings.Contains(err.Error(), "row 4") {
			t.Errorf("%s: error %v, want row 4", name, err)
		}
	}
}

func TestFetchFails(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	dir := t.TempDir()
	err := fetchOriginals(context.Background(), server.URL+"/", "gsm8k", dir, nil)
	if err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("error %v, want a 404", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
