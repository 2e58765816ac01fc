package datasets

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/internal/text"
)

// routellmURL is the public address of the original files, at the commit from which the
// built-in digests were computed.
const routellmURL = "https://raw.githubusercontent.com/lm-sys/RouteLLM/0b64fdafe049e596a3f5657c219329f24af24198/routellm/evals/"

// fetchTimeout bounds the download of one file. The largest has 2.5 MB.
const fetchTimeout = 2 * time.Minute

// CacheDir returns the folder for files that can be made or downloaded again: "routellm" in the
// user's cache folder, which the environment may move (XDG_CACHE_HOME on Linux). The folder
// need not exist.
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder: %w", err)
	}
	return filepath.Join(dir, "routellm"), nil
}

// PullText returns the prompts of a built-in benchmark: "mmlu", "gsm8k" or "mt-bench". It reads
// them from the folder from, laid out as for [ImportRouteLLM], or downloads them from the public
// repository if from is "". progress, if non-nil, is called after each downloaded file. Check
// the text with [Table.MatchText] before using it.
func PullText(ctx context.Context, name, from string, progress func(done, total int)) (*Table, error) {
	if from == "" {
		dir, remove, err := outfile.TempDir("routellm-pull-")
		if err != nil {
			return nil, err
		}
		defer remove()
		if err := fetchOriginals(ctx, routellmURL, name, dir, progress); err != nil {
			return nil, hint.With(err, "without network access, give a folder that holds the files: --from DIR")
		}
		from = dir
	}
	in := &routellmFolder{from: from}
	switch name {
	case "mmlu":
		return in.mmlu()
	case "gsm8k":
		return in.gsm8k()
	case "mt-bench":
		return in.mtbench()
	}
	return nil, fmt.Errorf("no public text for %q, expected \"mmlu\", \"gsm8k\" or \"mt-bench\"", name)
}

// originals returns the original files of a benchmark: the path in a local folder by the path in
// the public repository.
func originals(name string) map[string]string {
	local := map[string]string{}
	add := func(remote, file string) { local[remote] = filepath.Join("routellm", name, file) }
	switch name {
	case "mmlu":
		for _, subject := range mmluSubjects {
			add("mmlu/responses/mmlu_"+subject+".csv", "mmlu_"+subject+".csv")
		}
		add("mmlu/contaminated_prompts.jsonl", "contaminated_prompts.jsonl")
	case "gsm8k":
		add("gsm8k/gsm8k_responses.csv", "gsm8k_responses.csv")
		add("gsm8k/contaminated_prompts.jsonl", "contaminated_prompts.jsonl")
	case "mt-bench":
		for _, file := range []string{"question.jsonl", "judgements.jsonl", "contaminated_prompts.jsonl"} {
			add("mt_bench/"+file, file)
		}
	}
	return local
}

func fetchOriginals(ctx context.Context, base, name, dir string, progress func(done, total int)) error {
	files := originals(name)
	done := 0
	for remote, local := range files {
		if err := fetch(ctx, base+remote, filepath.Join(dir, local)); err != nil {
			return err
		}
		done++
		if progress != nil {
			progress(done, len(files))
		}
	}
	return nil
}

// fetch downloads an address into a file.
func fetch(ctx context.Context, address, path string) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("fetching: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("fetching %q: %s", address, resp.Status)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, resp.Body); err != nil {
		f.Close()
		return fmt.Errorf("fetching %q: %w", address, err)
	}
	return f.Close()
}

// MatchText checks the prompts that [PullText] returned against the digests of the benchmark
// want, row by row, and then removes qualities, features and extra columns from t. The error
// names the first row that differs.
func (t *Table) MatchText(want *Table) error {
	if t.Rows() != want.Rows() {
		return fmt.Errorf("found %s, expected %d", text.Plural(t.Rows(), "prompt"), want.Rows())
	}
	for i, id := range want.SampleID {
		if t.SampleID[i] != id || t.PromptSHA256[i] != want.PromptSHA256[i] {
			return hint.With(fmt.Errorf("row %d: the prompt of %q has the digest %q, expected %q", i+1, id, t.PromptSHA256[i], want.PromptSHA256[i]),
				"the original files differ from those that the built-in benchmark was made from")
		}
	}
	*t = Table{
		Meta: t.Meta, SampleID: t.SampleID, Task: t.Task, Cluster: t.Cluster, Contaminated: t.Contaminated,
		Prompt: t.Prompt, HasPrompt: true, PromptSHA256: t.PromptSHA256, PromptNormSHA256: t.PromptNormSHA256,
	}
	return nil
}

// DropPrompts removes the text of the prompts, from which it first computes the cues. Digests and
// features stay.
func (t *Table) DropPrompts() {
	if t.HasPrompt {
		t.SetCues()
	}
	t.Prompt, t.HasPrompt = nil, false
}
