package cli

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var litellm = flag.String("litellm", "", "LiteLLM's `program`, with which to compare serve under load")

// startLiteLLM starts LiteLLM's proxy before a stub, and returns its address.
func startLiteLLM(b *testing.B, stub string) string {
	b.Helper()
	dir := b.TempDir()
	config := filepath.Join(dir, "config.yaml")
	text := "model_list:\n- model_name: routellm\n  litellm_params: {model: openai/big, api_base: " + stub + "/v1, api_key: none}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	port := freePort(b)
	c := exec.Command(*litellm, "--config", config, "--host", "127.0.0.1", "--port", port, "--num_workers", "2")
	c.Dir = dir
	c.Env = append(os.Environ(), "LITELLM_LOG=ERROR", "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY=true", "LITELLM_LOCAL_MODEL_COST_MAP=True")
	said, err := os.Create(filepath.Join(dir, "said"))
	if err != nil {
		b.Fatal(err)
	}
	c.Stdout, c.Stderr = said, said
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		c.Process.Signal(os.Interrupt)
		_ = c.Wait()
	})
	url := "http://127.0.0.1:" + port
	for range 600 {
		if res, err := http.Get(url + "/health/liveliness"); err == nil {
			res.Body.Close()
			return url
		}
		time.Sleep(200 * time.Millisecond)
	}
	raw, _ := os.ReadFile(said.Name())
	b.Fatalf("LiteLLM does not answer:\n%s", raw)
	return ""
}

// freePort returns a port at which nothing listens.
func freePort(b *testing.B) string {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer ln.Close()
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	return port
}

// throughput sends requests over 16 connections for a while, and returns how many are answered per
// second.
func throughput(b *testing.B, l *loader, during time.Duration) float64 {
	b.Helper()
	var wait sync.WaitGroup
	var answers atomic.Int64
	start := time.Now()
	for range 16 {
		wait.Go(func() {
			for time.Since(start) < during {
				if _, err := l.once(); err != nil {
					b.Error(err)
				}
				answers.Add(1)
			}
		})
	}
	wait.Wait()
	return float64(answers.Load()) / time.Since(start).Seconds()
}

// BenchmarkServeLiteLLM asks one stub through serve and through LiteLLM's proxy in turn, at full
// speed and at 20 requests per second. Serve also scores the prompts and writes its log.
func BenchmarkServeLiteLLM(b *testing.B) {
	if *litellm == "" {
		b.Skip("skipped: make load-litellm runs it")
	}
	*load = true
	stub, s := startLoad(b)
	names := []string{"serve", "litellm"}
	loaders := []*loader{newLoader(s.url), newLoader(startLiteLLM(b, stub))}
	at(b, 20, 50, loaders...)
	for b.Loop() {
		rates := make([]float64, len(loaders))
		for range 3 {
			for k, l := range loaders {
				rates[k] += throughput(b, l, 5*time.Second) / 3
			}
		}
		times := at(b, 40, 200, loaders...)
		for k, name := range names {
			slices.Sort(times[k])
			b.ReportMetric(rates[k], name+"-requests/s")
			for _, p := range []int{50, 99} {
				b.ReportMetric(float64(times[k][len(times[k])*p/100].Microseconds()), fmt.Sprintf("%s-p%d-us", name, p))
			}
		}
		b.ReportMetric(rates[0]/rates[1], "times-litellm")
	}
}
