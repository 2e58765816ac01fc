package bert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/routers/encoder"
)

// modelFile is the name of the network in a folder.
const modelFile = "model.onnx"

// Tokens around a prompt in BERT's uncased vocabulary: [CLS] and [SEP].
const cls, sep = 101, 102

// folder holds what the files beside the network specify.
type folder struct {
	strong    []bool // reports for each label whether it calls for the strong model
	maxTokens int    // longest sequence, including [CLS] and [SEP]
	encoder   *encoder.StaticEncoder
}

// config holds the fields of config.json that are used.
type config struct {
	ModelType    string            `json:"model_type"`
	ID2Label     map[string]string `json:"id2label"`
	MaxPositions int               `json:"max_position_embeddings"`
}

// tokenizerConfig holds the fields of tokenizer_config.json that are used.
type tokenizerConfig struct {
	Class     string  `json:"tokenizer_class"`
	LowerCase *bool   `json:"do_lower_case"`
	Accents   *bool   `json:"strip_accents"`
	Chinese   *bool   `json:"tokenize_chinese_chars"`
	MaxLength float64 `json:"model_max_length"` // 1e30 if there is no limit
}

func readFolder(dir string) (*folder, error) {
	var c config
	if err := readJSON(filepath.Join(dir, "config.json"), &c); err != nil {
		return nil, err
	}
	var t tokenizerConfig
	if err := readJSON(filepath.Join(dir, "tokenizer_config.json"), &t); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	strong, err := strongLabels(c.ID2Label)
	if err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	if err := checkTokenizer(dir, c, t); err != nil {
		return nil, err
	}
	if c.MaxPositions < 3 {
		return nil, fmt.Errorf("config.json: max_position_embeddings is %d, expected at least 3", c.MaxPositions)
	}
	f := &folder{strong: strong, maxTokens: c.MaxPositions}
	if t.MaxLength >= 3 && t.MaxLength < float64(c.MaxPositions) {
		f.maxTokens = int(t.MaxLength)
	}
	f.encoder, err = encoder.Static()
	return f, err
}

func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return nil
}

// ids returns the prompt's tokens between [CLS] and [SEP], cut to the longest sequence.
func (f *folder) ids(ctx context.Context, text string) ([]int64, error) {
	tokens, err := f.encoder.TokensContext(ctx, nil, text)
	tokens = tokens[:min(len(tokens), f.maxTokens-2)]
	out := make([]int64, 0, len(tokens)+2)
	out = append(out, cls)
	for _, id := range tokens {
		out = append(out, int64(id))
	}
	return append(out, sep), err
}

// labelMaps holds the known label maps and whether each label calls for the strong model.
// LABEL_0 to LABEL_2 are RouteLLM's own: strong model wins, tie, weak model wins.
var labelMaps = []map[string]bool{
	{"weak": false, "strong": true},
	{"strong_wins": true, "tie": false, "weak_wins": false},
	{"LABEL_0": true, "LABEL_1": false, "LABEL_2": false},
}

// strongLabels reports for each label, by id, whether it calls for the strong model.
func strongLabels(id2label map[string]string) ([]bool, error) {
	for _, known := range labelMaps {
		if strong, ok := matchLabels(id2label, known); ok {
			return strong, nil
		}
	}
	return nil, hint.With(fmt.Errorf("unknown labels in id2label: %v", id2label),
		`known: "weak" and "strong", or "strong_wins", "tie" and "weak_wins", in any order,`,
		`or RouteLLM's "LABEL_0" (strong wins), "LABEL_1" (tie), "LABEL_2" (weak wins)`)
}

func matchLabels(id2label map[string]string, known map[string]bool) ([]bool, bool) {
	strong, seen := make([]bool, len(known)), map[string]bool{}
	for i := range strong {
		label := id2label[fmt.Sprint(i)]
		calls, ok := known[label]
		if !ok || seen[label] {
			return nil, false
		}
		strong[i], seen[label] = calls, true
	}
	return strong, len(id2label) == len(known)
}
