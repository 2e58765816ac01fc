package hint_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

func TestList(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	absent := fmt.Errorf("open: %w", fs.ErrNotExist)
	for path, hinted := range map[string]bool{
		file + ",length": true, "mmlu,gsm8k": true, file: false, file + ".no,length": false, "nope,mmlu": false,
	} {
		if got := hint.Of(hint.List(absent, path, []string{"mmlu"}, "advice")); (len(got) == 1) != hinted {
			t.Errorf("%q: hints %q, want one: %v", path, got, hinted)
		}
	}
	if got := hint.Of(hint.List(fs.ErrPermission, file+",length", nil, "advice")); got != nil {
		t.Errorf("hints %q for a file that exists", got)
	}
}
