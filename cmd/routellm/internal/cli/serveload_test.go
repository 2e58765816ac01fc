package cli

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var load = flag.Bool("load", false, "run the benchmarks of serve under load, which take minutes")

// loadRequest has the prompt of 500 tokens.
var loadRequest = func() []byte {
	text, err := json.Marshal(strings.Repeat("A landlord raises the rent of a flat by 12 percent after two years. Explain which rules apply, and what the tenant may do. ", 20)) // some 500 tokens
	if err != nil {
		panic(err)
	}
	return []byte(`{"model": "routellm", "messages": [{"role": "user", "content": ` + string(text) + `}]}`)
}()

// loader sends requests over connections that it keeps.
type loader struct {
	client *http.Client
	url    string
}

func newLoader(url string) *loader {
	return &loader{&http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}, url + "/v1/chat/completions"}
}

// once sends a request and returns how long its answer took.
func (l *loader) once() (time.Duration, error) {
	start := time.Now()
	res, err := l.client.Post(l.url, "application/json", bytes.NewReader(loadRequest))
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("status %d, %v", res.StatusCode, err)
	}
	return time.Since(start), nil
}

// at sends n requests, rate a second, whether or not those before are answered, to each
// of the loaders in turn, and returns the times of each.
func at(b *testing.B, rate, n int, loaders ...*loader) [][]time.Duration {
	b.Helper()
	times := make([][]time.Duration, len(loaders))
	var wait sync.WaitGroup
	var mu sync.Mutex
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for range n {
		for k, l := range loaders {
			<-tick.C
			wait.Go(func() {
				took, err := l.once()
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					b.Error(err)
				}
				times[k] = append(times[k], took)
			})
		}
	}
	wait.Wait()
	return times
}

// startLoad starts a stub upstream, and serve before it with a log.
func startLoad(b *testing.B) (stub string, s *served) {
	if !*load {
		b.Skip("skipped: make load runs it")
	}
	stub = newStub(b)
	return stub, startServe(b, "--strong-fraction", "30%", "--strong", "big@"+stub+"/v1", "--weak", "small@"+stub+"/v1",
		"--log", filepath.Join(b.TempDir(), "d.jsonl"))
}

// BenchmarkServeLoad compares answers of a stub upstream, asked directly and through
// serve, which is a process of its own.
func BenchmarkServeLoad(b *testing.B) {
	stub, s := startLoad(b)
	direct, through := newLoader(stub), newLoader(s.url)
	at(b, 500, 500, direct, through)
	for _, rate := range []int{100, 500, 1000} {
		b.Run(fmt.Sprintf("%d-a-second", rate), func(b *testing.B) {
			for b.Loop() { // both in turn, so that what else the machine does falls on both
				times := at(b, 2*rate, 10*rate, direct, through)
				for k, name := range []string{"direct", "through"} {
					slices.Sort(times[k])
					for _, p := range []int{50, 99} {
						b.ReportMetric(float64(times[k][len(times[k])*p/100].Microseconds()), fmt.Sprintf("%s-p%d-us", name, p))
					}
				}
			}
		})
	}
}

// BenchmarkServeMemory sends 200,000 requests as fast as they are answered, and reports
// the server's memory on the way.
func BenchmarkServeMemory(b *testing.B) {
	_, s := startLoad(b)
	for b.Loop() {
		start := time.Now()
		for done := 40000; done <= 200000; done += 40000 {
			var wait sync.WaitGroup
			l := newLoader(s.url)
			for range 16 {
				wait.Go(func() {
					for range 40000 / 16 {
						if _, err := l.once(); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wait.Wait()
			b.ReportMetric(resident(b, s.Process.Pid), fmt.Sprintf("MB-after-%d", done))
		}
		b.ReportMetric(200000/time.Since(start).Seconds(), "requests/s")
	}
}

// resident is a process's memory in megabytes, where the system tells.
func resident(b *testing.B, pid int) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("skipped: no /proc")
	}
	_, rest, _ := strings.Cut(string(raw), "VmRSS:")
	kb := 0.0
	fmt.Sscan(rest, &kb)
	return kb / 1024
}
