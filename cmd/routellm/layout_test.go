package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/routellm/routellm/"

// layers lists which of our packages each package may import, by path prefix; the longest
// prefix counts. Imports go one way: eval, features <- datasets <- routers <- routers/* <- registry <-
// harness <- cmdutil <- render <- commands/* <- cli; datasets <- benchmarks <- harness;
// results, plots and table import only eval. docs/architecture.md shows the map.
var layers = map[string][]string{
	"eval":                           {"eval/sweep"},
	"eval/":                          {"eval"},
	"results":                        {"eval"},
	"plots":                          {"eval"},
	"features":                       {"routers/encoder"}, // whose vocabulary ranks words
	"datasets":                       {"eval", "features", "datasets/internal", "datasets/rows", "datasets/prompttext"},
	"datasets/prompttext":            {},
	"datasets/rows":                  {"datasets/internal"},
	"datasets/importers":             {"datasets"},
	"datasets/audit":                 {"eval", "datasets"},
	"datasets/filter":                {"datasets"},
	"datasets/pricelist":             {"datasets/rows"},
	"datasets/summaries":             {"eval/binned", "eval/pool/moved", "datasets"},
	"benchmarks":                     {"eval", "datasets"},
	"sqltext":                        {},
	"routers":                        {"eval", "features", "datasets"},
	"routers/":                       {"eval", "features", "datasets", "routers"},
	"routers/registry":               {"eval", "datasets", "routers"},
	"answers":                        {"datasets", "answers"},
	"grading":                        {"eval", "datasets", "answers", "results", "grading"},
	"judging":                        {"eval", "datasets", "answers", "results"},
	"fit":                            {"eval", "datasets", "routers", "benchmarks", "results", "harness"},
	"harness":                        {"eval", "features", "datasets", "routers", "benchmarks", "results", "sqltext"},
	"harness/transfer":               {"eval", "datasets", "routers", "harness"},
	"internal/":                      {},
	"internal/examples":              {"datasets", "harness"},
	"internal/measure":               {"eval", "results"},
	"internal/modelserver":           {},
	"internal/quiz":                  {"internal"},
	"internal/store":                 {},
	"cmd/routellm":                   {"cmd/routellm/internal/cli"},
	"cmd/routellm/internal/cli":      {"cmd/routellm/internal/cmdutil", "cmd/routellm/internal/commands"},
	"cmd/routellm/internal/cmdutil":  {"answers", "datasets", "routers", "benchmarks", "results", "harness", "cmd/routellm/internal/project"},
	"cmd/routellm/internal/project":  {},
	"cmd/routellm/internal/render":   {"eval", "datasets", "plots", "results", "harness", "cmd/routellm/internal/cmdutil", "cmd/routellm/internal/table", "cmd/routellm/internal/tidy"},
	"cmd/routellm/internal/table":    {"eval"},
	"cmd/routellm/internal/tidy":     {"results", "cmd/routellm/internal/table"},
	"cmd/routellm/internal/gate":     {"results"},
	"cmd/routellm/internal/serve":    {"eval/pool", "datasets", "results", "routers", "answers", "cmd/routellm/internal/serve"},
	"cmd/routellm/internal/figures":  {"eval", "datasets", "routers", "benchmarks", "plots", "results", "cmd/routellm/internal/table"},
	"cmd/routellm/internal/pages":    {"eval", "datasets", "plots", "results", "harness", "cmd/routellm/internal/render", "cmd/routellm/internal/report", "cmd/routellm/internal/table"},
	"cmd/routellm/internal/view":     {"results", "harness", "cmd/routellm/internal/pages", "cmd/routellm/internal/render", "cmd/routellm/internal/report", "cmd/routellm/internal/serve/access", "cmd/routellm/internal/table"},
	"cmd/routellm/internal/report":   {"plots", "cmd/routellm/internal/report/markup", "cmd/routellm/internal/table"},
	"cmd/routellm/internal/commands": {"eval", "datasets", "routers", "benchmarks", "plots", "results", "harness", "answers", "grading", "judging", "fit", "sqltext", "cmd/routellm/internal"},
}

// tools lists the packages below routers that are not routers. Routers may import them.
var tools = []string{"routers/byprompt", "routers/familiar", "routers/encoder", "routers/encoder/cache", "routers/bradleyterry", "routers/signals", "routers/training"}

// commands is the folder with one package per command.
const commands = "cmd/routellm/internal/commands/"

// owners lists, by library, the packages that alone may import it.
var owners = map[string]string{
	"github.com/parquet-go/":            "datasets,datasets/internal/*",
	"github.com/klauspost/compress":     "datasets/internal/*,datasets/rows,datasets/importers,datasets/nearcopy,routers/internal/modelfile",
	"github.com/andybalholm/brotli":     "datasets/internal/*",
	"github.com/pierrec/lz4":            "datasets/internal/*",
	"gonum.org/v1/plot":                 "plots",
	"github.com/olekukonko/tablewriter": "cmd/routellm/internal/table",
	"github.com/spf13/cobra":            "cmd/routellm/internal/cli,cmd/routellm/internal/cmdutil,cmd/routellm/internal/commands/*",
	"github.com/schollz/progressbar":    "cmd/routellm/internal/cmdutil",
	"github.com/google/renameio":        "internal/outfile",
	"github.com/openai/openai-go":       "",
	"gonum.org/v1/gonum/mathext/prng":   "eval",
	"github.com/rogpeppe/go-internal":   "",
	"github.com/yuin/goldmark":          "",
	"github.com/chromedp/":              "",
	"github.com/yalue/onnxruntime_go":   "routers/bert",
	"go.yaml.in/yaml":                   "cmd/routellm/internal/gate,cmd/routellm/internal/project,cmd/routellm/internal/serve/config",
	"github.com/prometheus/":            "cmd/routellm/internal/serve",
	"go.opentelemetry.io/":              "cmd/routellm/internal/serve/tracing",
	"github.com/rs/cors":                "cmd/routellm/internal/serve/access",
	"github.com/DeRuina/timberjack":     "cmd/routellm/internal/serve/decisionlog",
	"github.com/hashicorp/golang-lru":   "cmd/routellm/internal/serve/conversation",
	"github.com/gofrs/flock":            "cmd/routellm/internal/serve/decisionlog,internal/store",
	"github.com/tidwall/gjson":          "cmd/routellm/internal/serve/body,cmd/routellm/internal/serve/reply,datasets/filter,datasets/rows,datasets/importers,datasets/pricelist,datasets/prompttext",
	"github.com/bmatcuk/doublestar":     "datasets/rows",
	"github.com/apache/arrow-go":        "datasets/filter,datasets/rows",
	"github.com/google/flatbuffers":     "datasets/rows",
}

func TestImportsGoOneWay(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		seen++
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checkImport(t, path, filepath.ToSlash(rel), name)
		}
		return nil
	})
	if err != nil || seen < 20 {
		t.Fatalf("%d files read: %v", seen, err)
	}
}

func checkImport(t *testing.T, file, pkg, name string) {
	t.Helper()
	for library, owner := range owners {
		owns := func(pattern string) bool { ok, _ := path.Match(pattern, pkg); return ok }
		if strings.HasPrefix(name, library) && !slices.ContainsFunc(strings.Split(owner, ","), owns) {
			t.Errorf("%s imports %s, which only %q may", file, name, owner)
		}
	}
	ours, ok := strings.CutPrefix(name, module)
	if !ok {
		return
	}
	if strings.HasPrefix(pkg, commands) && strings.HasPrefix(ours, commands) {
		t.Errorf("%s imports %s: no command imports another", file, ours)
	}
	layer := ""
	for prefix := range layers {
		if (pkg == prefix || strings.HasPrefix(pkg, prefix)) && len(prefix) > len(layer) {
			layer = prefix
		}
	}
	allowed := slices.ContainsFunc(layers[layer], func(p string) bool { return ours == p || strings.HasPrefix(ours, p+"/") })
	if strings.HasPrefix(layer, "routers") && layer != "routers/registry" && strings.HasPrefix(ours, "routers/") &&
		!slices.Contains(tools, ours) && !strings.HasPrefix(ours, "routers/internal/") {
		allowed = false // one router does not know another
	}
	if strings.HasPrefix(ours, "internal/") {
		allowed = layer != "internal/" // tools import no sibling
	}
	if layer == "" || !allowed {
		t.Errorf("%s imports %s, which the one-way imports in docs/architecture.md do not allow", file, ours)
	}
}
