package datasetscmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/encoder"
)

// importOptions holds the flags of import routellm.
type importOptions struct{ From, Out string }

func newCmdImportRouteLLM(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, importOptions) error) *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "routellm --from DIR --out DIR",
		Short: "Convert RouteLLM's benchmark files into data sets without prompts",
		Long: `Convert RouteLLM's benchmark files into mt-bench.parquet, mmlu.parquet and
gsm8k.parquet: outcomes, digests, text features and cues, but not the text of
prompts. If routellm/gsm8k/test.jsonl has the right answers, also write
gsm8k-regraded.parquet, with the outcomes that follow from the models'
answers, for 'eval --labels regraded'.

--from is a folder with the files routellm/mmlu/*.csv, routellm/gsm8k/*.csv
and routellm/mt-bench/*.jsonl of lm-sys/RouteLLM. Outcomes of other models on
the same prompts may be in outcomes/.`,
		Example: "  routellm datasets import routellm --from originals --out data",
		Args:    cmdutil.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return run(c.Context(), s, o) },
	}
	c.Flags().StringVar(&o.From, "from", "", "`DIR` with RouteLLM's files (required)")
	c.Flags().StringVarP(&o.Out, "out", "o", "", "`DIR` to write the data sets to (required)")
	return c
}

func runImportRouteLLM(ctx context.Context, s cmdutil.Streams, o importOptions) error {
	if o.From == "" || o.Out == "" {
		return hint.With(errors.New("--from and --out are required"), "see 'routellm datasets import routellm --help'")
	}
	mmlu, gsm8k, mtBench, err := datasets.ImportRouteLLM(o.From, cmdutil.Progress(s.Err, "reading"))
	if err != nil {
		return err
	}
	tables := []*datasets.Table{mtBench, mmlu, gsm8k}
	for _, t := range tables { // nothing is written after an error
		if err := embed(ctx, s, t); err != nil {
			return err
		}
		t.DropPrompts()
	}
	regraded, err := regradeGSM8K(o.From, gsm8k)
	if err != nil {
		return err
	}
	tables = append(tables, regraded...)
	return cmdutil.WriteDatasets(s.Out, o.Out, tables)
}

// regradeGSM8K returns a table with the outcomes that follow from the models' answers. It
// returns no table if the folder has no file of right answers.
func regradeGSM8K(from string, gsm8k *datasets.Table) ([]*datasets.Table, error) {
	dir := filepath.Join(from, "routellm", "gsm8k")
	references := filepath.Join(dir, "test.jsonl")
	if _, err := os.Stat(references); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	answers, err := datasets.ReadAnswers([]string{filepath.Join(dir, "gsm8k_responses.csv"), references}, gsm8k)
	if err != nil {
		return nil, err
	}
	return []*datasets.Table{audit.Regraded(gsm8k, answers)}, nil
}

// embed adds the built-in encoder's vectors of the prompts to a table.
func embed(ctx context.Context, s cmdutil.Streams, t *datasets.Table) error {
	static, err := encoder.Static()
	if err != nil {
		return fault.Wrap(err)
	}
	progress := s.Watch(ctx, "embedding")
	var vectors [][]int8
	for some := range slices.Chunk(t.Prompt, batchRows) {
		if err := progress(len(vectors), len(t.Prompt)); err != nil {
			return err
		}
		more, err := static.EncodeQuantised(ctx, some)
		if err != nil {
			return err
		}
		vectors = append(vectors, more...)
	}
	t.SetEmbeddings(encoder.StaticName, encoder.StaticDigest, encoder.Scale, vectors)
	return progress(len(vectors), len(vectors))
}

// batchRows is the number of rows to embed and write at a time.
const batchRows = 4096

const dropTextUsage = "leave out the text of the prompts; their vectors, cues, digests and text features stay"

// warnScales warns of qualities that may mislead every number.
func warnScales(s cmdutil.Streams, t *datasets.Table) {
	for _, message := range audit.Suspicions(t) {
		fmt.Fprintln(s.Err, text.Wrap("warning: "+message))
	}
}

// writeImport adds the prompts' vectors to the table, removes the text if dropText is set,
// and writes the file.
func writeImport(ctx context.Context, s cmdutil.Streams, path string, t *datasets.Table, dropText bool) error {
	w, err := newImportWriter(ctx, s, path, dropText)
	if err != nil {
		return err
	}
	defer w.abort()
	progress := s.Watch(ctx, "embedding")
	for from := 0; from < t.Rows(); from += batchRows {
		if err := progress(from, t.Rows()); err != nil {
			return err
		}
		if err := w.write(t.Slice(from, min(from+batchRows, t.Rows()))); err != nil {
			return err
		}
	}
	if err := progress(t.Rows(), t.Rows()); err != nil {
		return err
	}
	return w.commit()
}
