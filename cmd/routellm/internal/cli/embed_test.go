package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/routellm/routellm/datasets"
)

// embedServer answers like a model server: 8 components that depend on the text, 1,536
// for the model of the published weights.
type embedServer struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

// texts are those asked for so far.
func (s *embedServer) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

func newEmbedServer(t *testing.T, delay time.Duration) *embedServer {
	s := &embedServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Input []string
			Model string
		}
		if json.NewDecoder(r.Body).Decode(&body) != nil || r.URL.Path != "/v1/embeddings" || body.Model == "nope" {
			http.Error(w, `{"error":{"message":"no such model"}}`, http.StatusNotFound)
			return
		}
		time.Sleep(delay)
		s.mu.Lock()
		s.asked = append(s.asked, body.Input...)
		s.mu.Unlock()
		type row struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		var answer struct {
			Data []row `json:"data"`
		}
		dim := 8
		if body.Model == "text-embedding-3-small" {
			dim = 1536
		}
		for i, text := range body.Input {
			sum, v := sha256.Sum256([]byte(text)), make([]float32, dim)
			for k := range v {
				v[k] = float32(sum[k%len(sum)])/255 - 0.5
			}
			answer.Data = append(answer.Data, row{i, v})
		}
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(s.Close)
	return s
}

// newLLMServer answers like a model server that finds prompts with "easy" easy.
func newLLMServer(t *testing.T) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Messages []struct{ Content string } }
		if json.NewDecoder(r.Body).Decode(&body) != nil || len(body.Messages) != 1 {
			http.Error(w, "no messages", http.StatusBadRequest)
			return
		}
		likeliest := 1
		if strings.Contains(body.Messages[0].Content, "easy") {
			likeliest = 5
		}
		var top []string
		for label := 1; label <= 5; label++ {
			logprob := -3.0 // about 0.05
			if label == likeliest {
				logprob = -0.22 // about 0.8
			}
			top = append(top, fmt.Sprintf(`{"token":"%d","logprob":%v}`, label, logprob))
		}
		fmt.Fprintf(w, `{"choices":[{"logprobs":{"content":[{"token":"%d","logprob":-0.22,"top_logprobs":[%s]}]}}]}`, likeliest, strings.Join(top, ","))
	}))
	t.Cleanup(s.Close)
	return s
}

// TestEmbedGoesOnAfterAKill kills the program while a server answers, and runs it again:
// what was answered is not asked for again, and no half file is left.
func TestEmbedGoesOnAfterAKill(t *testing.T) {
	const prompts = 3000
	dir, server := t.TempDir(), newEmbedServer(t, 200*time.Millisecond)
	var csv strings.Builder
	csv.WriteString("prompt\n")
	for i := range prompts {
		fmt.Fprintf(&csv, "count to %d and stop\n", i)
	}
	path := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(path("p.csv"), []byte(csv.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := Main([]string{"datasets", "import", "table", path("p.csv"), "--prompt", "prompt", "--out", path("p.parquet")}, &out, &out); code != exitDone {
		t.Fatal(out.String())
	}
	command := func() *exec.Cmd {
		c := exec.Command("routellm", "embed", "--encoder", "openai", "--encoder-url", server.URL+"/v1", "--encoder-model", "m",
			"--encoder-cache", path("cache"), "--data", path("p.parquet"), "--out", path("v.parquet"))
		c.Stderr = os.Stderr
		return c
	}
	first := command()
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	stored := func() int {
		files, _ := filepath.Glob(path("cache/*/*.vectors"))
		return len(files)
	}
	for deadline := time.Now().Add(time.Minute); stored() < 4; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing is stored")
		}
	}
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	if _, err := os.Stat(path("v.parquet")); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("a file after the kill: %v", err)
	}
	kept := 256 * stored()
	server.Config.SetKeepAlivesEnabled(true)
	time.Sleep(300 * time.Millisecond) // what was under way
	before := len(server.texts())
	if before >= prompts || kept < 1024 {
		t.Fatalf("%d of %d texts were asked for, %d kept: the kill came too late or too early", before, prompts, kept)
	}
	if err := command().Run(); err != nil {
		t.Fatal(err)
	}
	if again := len(server.texts()) - before; again != prompts-kept {
		t.Errorf("%d texts asked for again, want %d: %d were kept", again, prompts-kept, kept)
	}
	f, err := datasets.Open(path("v.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := f.Read(datasets.Select{Embedding: true})
	if err != nil || table.Rows() != prompts || table.Dim() != 8 || table.Meta.Encoder != "openai:m" {
		t.Errorf("%d rows of %d components by %q, %v", table.Rows(), table.Dim(), table.Meta.Encoder, err)
	}
}

// TestTrainKilled leaves nothing behind, and the same command works afterwards.
func TestTrainKilled(t *testing.T) {
	dir := t.TempDir()
	command := func(data string) *exec.Cmd {
		return exec.Command("routellm", "train", "knn", "--data", data, "--gold", "gsm8k:300", "--out", filepath.Join(dir, "m.safetensors"))
	}
	c := command("arena,judge") // takes seconds
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second)
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil {
		t.Fatal("the training was over before the kill")
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
	if out, err := command("judge").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
