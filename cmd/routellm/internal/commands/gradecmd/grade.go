// Package gradecmd implements the grade command, which grades answers by correct ones.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package gradecmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/grading"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// options holds grade's flags.
type options struct {
	cmdutil.ColumnFlags
	grading.Options
	Kind        string
	Gold        string
	As          string
	Out         string
	Errors      string
	Several     string
	Format      string
	MemoryMiB   int64
	Show        int
	Concurrency int
}

// New returns the grade command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, string, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "grade FILE --gold COLUMN --kind KIND --out FILE",
		Short: "Grade answers by correct ones",
		Long: `Grade the answers in a file by correct ones, and write the file again with a
column quality:MODEL per model, on which routers are evaluated. FILE comes from
routellm answer, or is any table with a column answer:MODEL per model. --gold
names the column with the correct answers, which the prompts file had, or that
of another file: --gold solutions.csv#correct.

  choice    the letter of a choice: "B", "(B)", "the answer is B", \boxed{B}
  number    a number: "$1,234.50", "3/4", "\boxed{5}", "#### 5", "5 million"
  exact     the same text but for case, spaces and punctuation
  contains  the reference as whole words somewhere in the answer
  regex     a pattern (RE2), which the reference is
  json      the same JSON document, also from a block of code
  exec:CMD  a program that tests the answer: exit code 0 is right, 1 is wrong
  http:URL  a server that answers {"value": x}, x from 0 to 1

An answer that was given but cannot be read is wrong, and is counted as
unreadable. A missing answer has no quality, unless --errors wrong. A cell of
references may be a JSON list, of which any counts (see --references).

exec runs CMD once per answer in a fresh folder, within limits of time and
memory, and without keys in its environment. It is no jail for hostile code:
docs/grade.md says what it does not protect from.`,
		Example: `  routellm grade answers.csv --gold reference --kind number --out graded.parquet
  routellm grade answers.csv --gold reference --kind contains --as mentioned --show 5 --out mentioned.parquet
  routellm grade choices.csv --gold correct --kind choice --choices A-D --as gold --out gold.parquet`,
		Args: cmdutil.ExactArgs("FILE"),
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args[0], o) },
	}
	f := c.Flags()
	f.StringVarP(&o.Kind, "kind", "k", "", "how answers are graded, `KIND`: choice, number, exact, contains, regex, json, exec:CMD or http:URL")
	f.StringVarP(&o.Gold, "gold", "g", "", "`COLUMN` with the correct answers, or FILE#COLUMN in another file, whose rows are found by id or prompt; exec and http can do without")
	f.StringVarP(&o.Out, "out", "o", "", "Parquet `FILE` to write")
	f.StringVar(&o.As, "as", answers.Quality, "`NAME` of the labels: the columns are NAME:MODEL")
	f.StringVar(&o.Errors, "errors", "missing", "what missing answers and failed gradings `COUNT` as: missing (no quality) or wrong (0)")
	f.IntVar(&o.Show, "show", 0, "show the first `N` rows on which models disagree or, if the file has labels, old and new ones")
	f.StringVar(&o.Format, "format", "table", "output `FORMAT`: table, json, csv or markdown")
	f.Float64Var(&o.Tolerance, "tolerance", 1e-9, "number, json: relative `DIFFERENCE` of equal numbers")
	f.StringVar(&o.Choices, "choices", "", "choice: `NAMES` of the choices, such as A-D, or 0-3 or 1-4 if references are numbers (default A-J)")
	f.StringVar(&o.ChoicesColumn, "choices-column", "", "choice: `COLUMN` with the texts of the choices, a JSON list (default those that the prompt lists)")
	f.BoolVar(&o.Strict, "strict", false, "exact, contains: compare case, spaces and punctuation, too")
	f.StringVar(&o.Separator, "separator", "", "`TEXT` between several references in a cell")
	f.StringVar(&o.Several, "references", "any", "`COUNT` of several references to match: any, all, or share, whose quality is the share")
	f.BoolVar(&o.Subset, "subset", false, "json: allow keys that the reference does not have")
	f.BoolVar(&o.Partial, "partial", false, "json: give the share of the correct fields as quality")
	f.DurationVar(&o.Limits.Time, "time-limit", 10*time.Second, "exec, http: `TIME` that one answer may take")
	f.Int64Var(&o.MemoryMiB, "memory-limit", 4096, "exec: address space in `MiB` of each process")
	f.IntVar(&o.Concurrency, "concurrency", 0, "`NUMBER` of answers graded at a time (default one per core; http 8)")
	o.ColumnFlags.AddPrompts(c, "FILE")
	for name, words := range map[string][]string{
		"kind": {"choice", "number", "exact", "contains", "regex", "json", "exec:", "http:"}, "errors": {"missing", "wrong"}, "references": {"any", "all", "share"},
	} {
		_ = c.RegisterFlagCompletionFunc(name, cmdutil.Words(words...))
	}
	return c
}

// check returns an error for flags that are out of range or do not fit together.
func (o options) check() error {
	program := strings.HasPrefix(o.Kind, "exec:") || strings.HasPrefix(o.Kind, "http")
	switch {
	case o.Kind == "":
		return hint.With(errors.New("--kind is missing"), "choose how to grade: --kind choice, number, exact, contains, regex, json, exec:CMD or http:URL")
	case o.Gold == "" && !program:
		return hint.With(fmt.Errorf("--gold is missing: --kind %s compares answers with correct ones", o.Kind), "name the column that holds them")
	case o.Out == "":
		return hint.With(errors.New("--out is missing"), "name the Parquet file to write, such as --out graded.parquet")
	case o.Errors != "missing" && o.Errors != "wrong":
		return fmt.Errorf("--errors %q: want missing or wrong", o.Errors)
	case o.Several != "any" && o.Several != "all" && o.Several != "share":
		return fmt.Errorf("--references %q: want any, all or share", o.Several)
	case o.Show < 0:
		return fmt.Errorf("--show %d: want 0 or more", o.Show)
	case o.Concurrency < 0:
		return fmt.Errorf("--concurrency %d: want 0 or more", o.Concurrency)
	case !(o.Tolerance >= 0 && o.Tolerance < 1):
		return fmt.Errorf("--tolerance %v: want a number from 0 to 1", o.Tolerance)
	case o.Limits.Time <= 0:
		return fmt.Errorf("--time-limit %v: want more than 0", o.Limits.Time)
	case o.MemoryMiB < 16:
		return fmt.Errorf("--memory-limit %d: want 16 or more", o.MemoryMiB)
	}
	return cmdutil.CheckFormat(o.Format, "table", "json", "csv", "markdown")
}

// grader returns the grader that the flags ask for.
func (o options) grader() (grading.Grader, error) {
	g := o.Options
	g.Several, g.Timeout, g.Limits.Memory = grading.Several(o.Several), o.Limits.Time, o.MemoryMiB<<20
	grader, err := grading.New(o.Kind, g)
	if err != nil {
		return nil, fmt.Errorf("--kind: %w", err)
	}
	return grader, nil
}

func run(ctx context.Context, s cmdutil.Streams, path string, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	grader, err := o.grader()
	if err != nil {
		return err
	}
	reading, err := o.Reading()
	if err != nil {
		return err
	}
	defer o.Close()
	in, err := answers.Open(ctx, path, reading.Columns)
	if err != nil {
		return err
	}
	defer in.Close()
	if r := in.Reading(); r.Guessed {
		s.Feedback().Note(fmt.Sprintf("reading %s: %s", path, r))
	}
	for _, note := range in.Notes() {
		s.Feedback().Note(path + ": " + note)
	}
	other, err := answers.OpenReferences(ctx, o.Gold, in.Head(), reading.Columns)
	if err != nil {
		return err
	}
	r, err := o.start(ctx, s, grader, in, other)
	if err != nil {
		return err
	}
	if !grading.Isolated(grader) {
		fmt.Fprintln(s.Err, note("the system allows no namespaces: programs may use the network, and what they start in another process group may outlive them"))
	}
	if err := gradeTo(ctx, r, in, other, o.Out); err != nil {
		return err
	}
	if err := write(s, r, o); err != nil {
		return err
	}
	s.Next("routellm fit --data " + cmdutil.ShellWord(o.Out) + cmdutil.LabelsFlag(o.As) + " --out router")
	return nil
}

// batch is the number of rows that are in memory at a time.
const batch = 4096

// gradeTo grades all rows and writes them to a file, which appears when all are graded. other is nil
// if the correct answers are in the file.
func gradeTo(ctx context.Context, r *grading.Run, in *answers.Source, other *answers.References, path string) error {
	file, err := cmdutil.CreateFile(path)
	if err != nil {
		return err
	}
	defer file.Abort()
	out := answers.NewWriter(file)
	err = in.Scan(ctx, batch, func(f *answers.File) error {
		if other != nil {
			other.AddTo(f)
		}
		if err := r.Add(ctx, f); err != nil {
			return err
		}
		return out.Write(f)
	})
	if err == nil && other != nil {
		err = other.Check()
	}
	if err == nil {
		err = r.CheckGraded()
	}
	if err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	return fault.Wrap(file.Commit())
}
