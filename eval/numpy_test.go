package eval

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// TestResampleAgainstNumPy gives the same resamples to a plain NumPy program and compares the
// metrics. It logs the time of both. Without NumPy it is skipped, or fails if the environment
// variable ROUTELLM_REQUIRE_PYTHON is 1.
func TestResampleAgainstNumPy(t *testing.T) {
	if err := exec.Command("python3", "-c", "import numpy").Run(); err != nil {
		if os.Getenv("ROUTELLM_REQUIRE_PYTHON") == "1" {
			t.Fatal("ROUTELLM_REQUIRE_PYTHON is 1, but python3 cannot import numpy: ", err)
		}
		t.Skip("skipped: python3 cannot import numpy")
	}
	const n = 14037
	o, scores := synthetic(n)
	cluster := ClusterIDs(scores)
	b := Bootstrap{Resamples: 200, Confidence: 0.95, Seed: 4}
	start := time.Now()
	got, err := b.Resample(o, cluster, [][]float64{scores}, Points{CPT: []float64{50}})
	took := time.Since(start)
	if err != nil {
		t.Fatal(err)
	}
	out := bytes.NewReader(numpy(t, b, o, scores))
	for i := range b.Resamples {
		var apgr, cpt float64
		if _, err := fmt.Fscan(out, &apgr, &cpt); err != nil {
			t.Fatal(err)
		}
		near(t, fmt.Sprintf("APGR of resample %d", i), got[0].APGR[i], apgr)
		near(t, fmt.Sprintf("CPT50 of resample %d", i), got[0].CPT[0][i], cpt)
	}
	var seconds float64
	if _, err := fmt.Fscanf(out, "\nseconds %g", &seconds); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d resamples of %d samples: NumPy %.3f s of processor time, ours %.3f s on all cores", b.Resamples, n, seconds, took.Seconds())
}

// numpy runs the program on the resamples of b, with one cluster per sample.
func numpy(t *testing.T, b Bootstrap, o Outcomes, scores []float64) []byte {
	t.Helper()
	var in bytes.Buffer
	put := func(data any) {
		if err := binary.Write(&in, binary.LittleEndian, data); err != nil {
			t.Fatal(err)
		}
	}
	put([]int64{int64(o.N()), int64(b.Resamples)})
	put(o.Strong)
	put(o.Weak)
	put(scores)
	weight := make([]int32, o.N())
	for i := range b.Resamples {
		draw(pcg{b.Seed, uint64(i)}, weight)
		put(weight)
	}
	c := exec.Command("python3", "testdata/bootstrap.py")
	c.Stdin, c.Stderr = &in, os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}
