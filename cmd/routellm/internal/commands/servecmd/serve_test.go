package servecmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// TestServeOptionsOfRouters checks that an error names the key and line of a wrong option,
// whether or not a router needs it, and does not show what may be a password.
func TestServeOptionsOfRouters(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("adapter", 0o755); err != nil {
		t.Fatal(err)
	}
	address := "expected http:// or https:// and a host, such as http://127.0.0.1:8080/v1"
	for line, want := range map[string]string{
		"encoder: foo":                  `found "foo", expected static or openai`,
		"encoder_url: u:secret@host":    address,
		"encoder_url: http://":          address,
		"encoder_url: https://host/v1":  "",
		"encoder_dimensions: -1":        `found -1, expected 0, the model's own, or more`,
		"encoder_dimensions: 256":       "",
		"endpoint: ftp://u:secret@host": address,
		"llm_api: foo":                  `found "foo", expected chat, completions or llamacpp`,
		"llm_api: llamacpp":             "",
		"llm_top: -5":                   `found -5, expected 0, the default, or at least 5`,
		"llm_top: 4":                    `found 4, expected 0, the default, or at least 5`,
		"llm_top: 5":                    "",
		"llm_weights: adapter":          `found "adapter", expected a folder with adapter.gguf`,
		"onnxruntime: adapter":          `found "adapter", expected a file`,
	} {
		key, _, _ := strings.Cut(line, ":")
		if want != "" {
			want = fmt.Sprintf("a.yaml:4: key %q: %s", key, want)
		}
		for _, router := range []string{"mf", "causal_llm"} {
			text := "router: " + router + "\nstrong: a@http://h\nweak: b@http://h\n" + line + "\n"
			if err := os.WriteFile("a.yaml", []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := options{ConfigFile: "a.yaml"}.settings()
			if (err == nil) != (want == "") || err != nil && err.Error() != want {
				t.Errorf("%s: error %v, expected %q", line, err, want)
			}
		}
	}
}

// TestServeDocument checks that docs/serve-settings.md has every setting.
func TestServeDocument(t *testing.T) {
	page, err := os.ReadFile("../../../../../docs/serve-settings.md")
	if err != nil {
		t.Fatal(err)
	}
	c := &cobra.Command{}
	new(settings).add(c)
	c.Flags().VisitAll(func(f *pflag.Flag) {
		name := strings.ReplaceAll(f.Name, "-", "_")
		if name == "upstream" { // a list in the file
			name += "s"
		}
		if key := "`" + name + "`"; !bytes.Contains(page, []byte(key)) {
			t.Errorf("docs/serve-settings.md does not have the key %s", key)
		}
	})
}

// TestMisspeltVariable expects a warning even if the settings are wrong without the variable.
func TestMisspeltVariable(t *testing.T) {
	t.Setenv("ROUTELLM_STRONGG", "big@http://h")
	var said bytes.Buffer
	_, err := options{}.load(context.Background(), cmdutil.Streams{Out: io.Discard, Err: &said})
	if want := "did you mean ROUTELLM_STRONG?"; err == nil || !strings.Contains(strings.Join(strings.Fields(said.String()), " "), want) {
		t.Errorf("error %v, said %q, expected an error and %q", err, said.String(), want)
	}
}
