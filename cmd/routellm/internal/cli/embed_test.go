package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
)

// embedServer answers like a model server: 8 components that depend on the text, 1,536
// for the model of the published weights.
type embedServer struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // texts answered
	left  int      // requests that are still answered, the others get no answer; below 0 all are
}

// answer makes the server answer n more requests, all if n is below 0.
func (s *embedServer) answer(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = n
}

// take counts a request, and reports whether it is answered.
func (s *embedServer) take(texts []string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left == 0 {
		return false
	}
	s.left--
	s.asked = append(s.asked, texts...)
	return true
}

// texts are those asked for so far.
func (s *embedServer) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

func newEmbedServer(t *testing.T) *embedServer {
	s := &embedServer{left: -1}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Input []string
			Model string
		}
		if json.NewDecoder(r.Body).Decode(&body) != nil || r.URL.Path != "/v1/embeddings" || body.Model == "nope" {
			http.Error(w, `{"error":{"message":"no such model"}}`, http.StatusNotFound)
			return
		}
		if !s.take(body.Input) {
			_, _ = io.Copy(io.Discard, r.Body) // to its end, without which a leaving client goes unseen
			<-r.Context().Done()
			return
		}
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

// TestEmbedGoesOnAfterAKill kills the program while it waits for answers, and runs it
// again: what was answered is not asked for again, and no half file is left.
func TestEmbedGoesOnAfterAKill(t *testing.T) {
	const prompts, answers = 3000, 5
	dir, server := t.TempDir(), newEmbedServer(t)
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
	if code := Main([]string{"datasets", "import", "table", path("p.csv"), "--prompt", "prompt", "--out", path("p.parquet")}, &out, &out); code != cmdutil.ExitDone {
		t.Fatal(out.String())
	}
	command := func() *exec.Cmd {
		c := exec.Command("routellm", "embed", "--encoder", "openai", "--encoder-url", server.URL+"/v1", "--encoder-model", "m",
			"--encoder-cache", path("cache"), "--data", path("p.parquet"), "--out", path("v.parquet"))
		c.Stderr = os.Stderr
		return c
	}
	server.answer(answers)
	first := command()
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	// answer is the number of bytes of an answer in the store: an entry and a vector per text. With
	// less, the last answer would count as stored while it is still being written.
	const answer = 256 * (40 + 8*4)
	stored := func() (n int) {
		files, _ := filepath.Glob(path("cache/*/*.store"))
		for _, f := range files {
			if info, err := os.Stat(f); err == nil {
				n += int(info.Size()) / answer
			}
		}
		return n
	}
	for deadline := time.Now().Add(time.Minute); stored() < answers; time.Sleep(5 * time.Millisecond) {
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
	server.answer(-1)
	if err := command().Run(); err != nil {
		t.Fatal(err)
	}
	if n := len(server.texts()); n != prompts {
		t.Errorf("%d texts answered in both runs, want %d: each once", n, prompts)
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
	time.Sleep(300 * time.Millisecond)
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
