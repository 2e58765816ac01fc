package cmdutil

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/answers/pace"
	"github.com/routellm/routellm/internal/hint"
)

// openAsking parses flags and opens the models.
func openAsking(t *testing.T, args ...string) (*Asking, error) {
	t.Helper()
	var o AskFlags
	c := &cobra.Command{Use: "test", SilenceErrors: true, SilenceUsage: true, RunE: func(*cobra.Command, []string) error { return nil }}
	o.Add(c, "model", "usage")
	c.SetArgs(append(args, "--cache", t.TempDir()))
	if err := c.Execute(); err != nil {
		return nil, err
	}
	a, err := o.Open(context.Background())
	if err == nil {
		t.Cleanup(func() { a.Close() })
	}
	return a, err
}

const twoModels = "--model=big=b@http://127.0.0.1:1/v1 --model=small=s@http://127.0.0.1:1/v1 "

func TestAskFlags(t *testing.T) {
	t.Setenv("BIG_KEY", "key-of-big")
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte("key-of-small\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := openAsking(t, strings.Fields(twoModels+"--rpm 60 --rpm small=6 --concurrency small=1 --tpm big=1000 --key-env big=BIG_KEY --key-file small="+path+
		" --price big=2,4 --free small --max-usd 3")...)
	if err != nil {
		t.Fatal(err)
	}
	big, small := a.Models[0], a.Models[1]
	if big.Limits != (pace.Limits{Concurrency: 8, RequestsPerMinute: 60, TokensPerMinute: 1000}) || small.Limits != (pace.Limits{Concurrency: 1, RequestsPerMinute: 6}) {
		t.Errorf("got limits %+v and %+v", big.Limits, small.Limits)
	}
	if big.Key != "key-of-big" || small.Key != "key-of-small" || big.Price.Output != 4 || small.Price.Input != 0 || a.MaxUSD != 3 || a.keys != nil {
		t.Errorf("got %+v", a)
	}
	if shown := fmt.Sprint(big.Client.Identity(), big.Client.Endpoint()); strings.Contains(shown, "key-of-big") {
		t.Errorf("the identity shows the key: %s", shown)
	}
}

// A key goes to no server that the user did not name for it.
func TestKeysStayHome(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "secret")
	a, err := openAsking(t, strings.Fields(twoModels+"--model=own=gpt-4o --model=open=gpt-4o@http://api.openai.com/v1")...)
	if err != nil {
		t.Fatal(err)
	}
	if a.Models[0].Key != "" || a.Models[1].Key != "" || a.Models[2].Key != "secret" || a.Models[3].Key != "" {
		t.Errorf("the key went to %v", a.Models)
	}
}

func TestAskFlagErrors(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "")
	for args, want := range map[string]string{
		"":                                                "--model is required",
		twoModels + "--rpm big=0":                         `--rpm "big=0": want a number above 0`,
		twoModels + "--rpm 5 --rpm 6":                     "is given twice",
		twoModels + "--rpm nan":                           "want a number above 0",
		twoModels + "--concurrency big=1.5":               "want a number above 0",
		twoModels + "--tpm bgi=5":                         "no model has the label",
		twoModels + "--key-env BIG_KEY":                   "--key-env: want LABEL=VALUE",
		twoModels + "--key-env big=sk-secret":             "found what looks like a key",
		twoModels + "--key-env sk-secret=BIG":             "no model has the label",
		twoModels + "--key-file big=/nowhere":             "no such file",
		twoModels + "--key-file big=sk-secret-0123456789": "found what looks like a key",
		twoModels + "--price bgi=1,2":                     "no model has the label",
		twoModels + "--free bgi":                          "no model has the label",
		twoModels + "--max-usd 1":                         `--max-usd needs the price of every model, and "big" has none`,
		twoModels + "--max-usd -1":                        "want 0 or more",
		twoModels + "--timeout 0s":                        "want a time above 0",
		twoModels + "--alias big=x":                       "--alias goes with --prices",
		twoModels + "--prices /nowhere.csv":               "nowhere.csv",
		"--model=big=gpt-4o":                              `no key for "big"`,
		"--model=a=b --model=a=c":                         `the label "a" is given twice`,
		"--model=a=b@http://key@127.0.0.1:1/v":            "",
	} {
		_, err := openAsking(t, strings.Fields(args)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", args, err, want)
		}
		if shown := fmt.Sprint(err, hint.Of(err)); strings.Contains(shown, "secret") || strings.Contains(shown, "key@") {
			t.Errorf("%s: the error shows the key: %s", args, shown)
		}
	}
}

func TestAskPrices(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prices.csv")
	if err := os.WriteFile(path, []byte("model,input,output\nb,1,2\nsmall,3,4\nnone,0,0\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	a, err := openAsking(t, strings.Fields(twoModels+"--prices "+path)...)
	if err != nil {
		t.Fatal(err)
	}
	if a.Models[0].Price.Input != 1 || a.Models[1].Price.Input != 3 {
		t.Errorf("got %+v, %+v: want the price by the name on the server, then by the label", a.Models[0].Price, a.Models[1].Price)
	}
	for args, want := range map[string]string{
		"--alias big=none":    `the price of "none" is 0`,
		"--alias big=missing": `"missing"`,
	} {
		if _, err := openAsking(t, strings.Fields(twoModels+"--prices "+path+" "+args)...); err == nil || !strings.Contains(err.Error(), want) || hint.Of(err) == nil {
			t.Errorf("%s: got %v", args, err)
		}
	}
}
