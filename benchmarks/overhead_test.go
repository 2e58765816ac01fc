package benchmarks

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestOverhead checks that docs/results.md, which explains the measurement, has the same
// numbers.
func TestOverhead(t *testing.T) {
	rows, err := Overhead()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/results.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		if r[0] == "" {
			continue
		}
		n, err := strconv.Atoi(r[1])
		if err != nil {
			t.Fatal(err)
		}
		speed := r[1]
		if n >= 1000 {
			speed = fmt.Sprintf("%d,%03d", n/1000, n%1000)
		}
		if want := fmt.Sprintf("| `%s` | %s | %s | %s", r[0], speed, r[2], r[4]); !strings.Contains(string(page), want) {
			t.Errorf("docs/results.md does not hold %q", want)
		}
	}
}
