package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkProcess runs the whole program and reports the CPU time that the
// operating system counted for it.
func BenchmarkProcess(b *testing.B) {
	program := filepath.Join(b.TempDir(), "routellm")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
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
