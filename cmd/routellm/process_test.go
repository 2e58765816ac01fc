package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// build builds the program as make build does.
func build(t testing.TB) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "routellm")
	if out, err := exec.Command("go", "build", "-ldflags", "-s -w", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return program
}

// maxSize is the largest program that TestSize accepts, in bytes. .ci/run checks the same of
// the one that make build makes. Reading Arrow files takes 4 MB of it, and
// writing them 1 MB.
const maxSize = 62e6

// TestSize fails, among other things, where a package looks methods up by name, as
// text/template does: the linker then keeps all of them, 18 MB.
func TestSize(t *testing.T) {
	info, err := os.Stat(build(t))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > maxSize {
		t.Errorf("the program has %d MB, want at most %d", info.Size()/1e6, int(maxSize/1e6))
	}
}

// BenchmarkProcess runs the whole program and reports the CPU time that the
// operating system counted for it.
func BenchmarkProcess(b *testing.B) {
	program := build(b)
	for _, run := range []struct {
		name string
		args []string
	}{
		{"version", []string{"version"}},
		{"eval-mmlu-json", []string{"eval", "--router", "random,length", "--bench", "mmlu", "--format", "json"}},
		{"eval-all-table", []string{"eval", "--router", "random,length,oracle", "--bench", "all"}},
		{"calibrate", []string{"calibrate", "--router", "length", "--strong-fraction", "0.5"}},
	} {
		b.Run(run.name, func(b *testing.B) {
			cpu := 0.0
			for b.Loop() {
				c := exec.Command(program, run.args...)
				if err := c.Run(); err != nil {
					b.Fatal(err)
				}
				cpu += (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
			}
			b.ReportMetric(1000*cpu/float64(b.N), "cpu-ms/op")
		})
	}
}
