package live

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// gauge returns the value of a metric without labels.
func (p *program) gauge(t *testing.T, name string) float64 {
	t.Helper()
	_, text := p.get(t, "/metrics")
	_, after, _ := strings.Cut(text, "\nroutellm_"+name+" ")
	line, _, _ := strings.Cut(after, "\n")
	value, err := strconv.ParseFloat(line, 64)
	if err != nil {
		t.Fatalf("no metric %s: %v", name, err)
	}
	return value
}

// reaches waits until a metric has a value.
func (p *program) reaches(t *testing.T, name string, want float64) {
	t.Helper()
	for range 600 {
		if p.gauge(t, name) == want {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s is %v, expected %v", name, p.gauge(t, name), want)
}

// TestBoundsOneLog starts a second server on the log of a first one, which is then killed.
func TestBoundsOneLog(t *testing.T) {
	at := upstream(t, answers).URL
	first := serve(t, nil, modelsAt(at)...)
	first.post(t, "/v1/chat/completions", question)
	first.logged(t, 1)
	flags := append([]string{"serve", "--listen", "127.0.0.1:0", "--log", first.log}, modelsAt(at)...)
	said, err := exec.Command(binary, flags...).CombinedOutput()
	if err == nil || !strings.Contains(string(said), "is in use by another server\nhint: one log per replica") {
		t.Errorf("a second server: %v, %s", err, said)
	}
	said, err = exec.Command(binary, append(flags, "--check")...).CombinedOutput()
	if err != nil || !strings.Contains(string(said), "configuration OK") || !strings.Contains(string(said), "warning: a server has the log") {
		t.Errorf("--check while the server runs: %v, %s", err, said)
	}
	out := filepath.Join(t.TempDir(), "traffic.parquet")
	if said, err := exec.Command(binary, "log", first.log, "--out", out).CombinedOutput(); err != nil || !strings.Contains(string(said), "1 row") {
		t.Errorf("routellm log while the server runs: %v, %s", err, said)
	}
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	second := serve(t, nil, modelsAt(at, "--log", first.log)...)
	second.log = first.log
	second.post(t, "/v1/chat/completions", question)
	second.logged(t, 2)
}

// TestBoundsFullDisk fills the log's file system. Requests are answered, the event log says it
// once, and lines are whole once there is room.
func TestBoundsFullDisk(t *testing.T) {
	needLive(t)
	dir := t.TempDir()
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir).Run(); err != nil {
		t.Skipf("skipped: no small file system can be mounted: %v", err)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
	p := serve(t, nil, modelsAt(upstream(t, answers).URL, "--log", filepath.Join(dir, "d.jsonl"))...)
	p.log = filepath.Join(dir, "d.jsonl")
	const n = 300
	for range n {
		if res, _ := p.post(t, "/v1/chat/completions", question); res.StatusCode != http.StatusOK {
			t.Fatalf("status %d", res.StatusCode)
		}
	}
	p.reaches(t, "in_flight", 0)
	lost := int(p.gauge(t, "log_errors_total"))
	if whole := p.records(t); lost == 0 || len(whole)+lost != n {
		t.Errorf("%d of %d records lost, %d written", lost, n, len(whole))
	}
	if lines := strings.Count(p.output(), "record not written"); lines != 1 {
		t.Errorf("%d lines about it in the event log, expected 1:\n%s", lines, p.output())
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl")); len(files) != 1 {
		t.Errorf("%d files, expected one", len(files))
	}
	if err := exec.Command("mount", "-o", "remount,size=1m", dir).Run(); err != nil {
		t.Fatal(err)
	}
	p.post(t, "/v1/chat/completions", question)
	p.logged(t, n-lost+1)
}

// TestBoundsDrainDelay ends a server as Kubernetes does: with a signal, while a load balancer goes
// on sending requests.
func TestBoundsDrainDelay(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no SIGTERM")
	}
	p := serve(t, nil, modelsAt(upstream(t, answers).URL, "--drain-delay", "5s")...)
	if res, _ := p.get(t, "/ready"); res.StatusCode != http.StatusOK {
		t.Errorf("/ready: status %d", res.StatusCode)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		if res, _ := p.get(t, "/ready"); res.StatusCode == http.StatusServiceUnavailable {
			break
		}
		if i == 400 {
			t.Fatal("/ready is 200 after the signal")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if res, _ := p.post(t, "/v1/chat/completions", question); res.StatusCode != http.StatusOK || !res.Close {
		t.Errorf("a request in the delay: status %d, closes the connection: %v", res.StatusCode, res.Close)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("the server ended: %v\n%s", err, p.output())
	}
	if res, err := http.Get(p.url + "/health"); err == nil {
		res.Body.Close()
		t.Error("something listens after the end")
	}
}

// TestBoundsSecondSignal expects a second signal to end the server within its delay.
func TestBoundsSecondSignal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no SIGTERM")
	}
	p := serve(t, nil, modelsAt(upstream(t, answers).URL, "--drain-delay", "10m")...)
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.says(t, `msg="leaving`, 1)
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	select {
	case err := <-ended:
		if status := p.ProcessState.Sys().(syscall.WaitStatus); err == nil || !status.Signaled() {
			t.Errorf("the server ended: %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("the server does not end")
	}
}
