package bert

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/datasets"
)

// uncased is the SHA-256 of BERT's uncased vocabulary, 30,522 tokens joined by newlines.
// Package encoder has the same vocabulary and tokenizes exactly.
const uncased = "0f052197aac305fe42f378b5c61554b7bacb34b8be4af83fec2cfdcdffbc9973"

// checkTokenizer returns an error if package encoder cannot make the folder's tokens.
func checkTokenizer(dir string, c config, t tokenizerConfig) error {
	if c.ModelType == "xlm-roberta" || strings.HasPrefix(t.Class, "XLMRoberta") {
		return unknownTokenizer("a SentencePiece tokenizer (XLM-RoBERTa)")
	}
	if off(t.LowerCase) || off(t.Accents) || off(t.Chinese) {
		return unknownTokenizer("a tokenizer that keeps case or accents, or Chinese words whole")
	}
	tokens, err := readVocabulary(dir)
	if err != nil {
		return err
	}
	if datasets.DigestBytes([]byte(strings.Join(tokens, "\n"))) != uncased {
		return unknownTokenizer(fmt.Sprintf("a different vocabulary of %d tokens", len(tokens)))
	}
	return nil
}

// off reports whether a setting is present and false.
func off(setting *bool) bool { return setting != nil && !*setting }

func unknownTokenizer(what string) error {
	return hint.With(fmt.Errorf("the folder has %s, expected BERT's uncased WordPiece", what),
		"score the prompts with the model's own tools and evaluate the scores: --router scores:FILE")
}

// readVocabulary returns the tokens in the order of their ids.
func readVocabulary(dir string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "vocab.txt"))
	if errors.Is(err, fs.ErrNotExist) {
		return tokenizerVocabulary(filepath.Join(dir, "tokenizer.json"))
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), "\n"), err
}

// tokenizerFile holds the fields of tokenizer.json that are used.
type tokenizerFile struct {
	Normalizer struct {
		Type      string `json:"type"`
		LowerCase bool   `json:"lowercase"`
		Accents   *bool  `json:"strip_accents"`
		Chinese   *bool  `json:"handle_chinese_chars"`
	} `json:"normalizer"`
	Model struct {
		Type  string         `json:"type"`
		Vocab map[string]int `json:"vocab"`
	} `json:"model"`
}

func tokenizerVocabulary(path string) ([]string, error) {
	var t tokenizerFile
	err := readJSON(path, &t)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("found neither vocab.txt nor tokenizer.json")
	}
	if t.Model.Type != "" && t.Model.Type != "WordPiece" {
		return nil, unknownTokenizer(fmt.Sprintf("a tokenizer of type %q", t.Model.Type))
	}
	if err != nil {
		return nil, err
	}
	if n := t.Normalizer; n.Type != "BertNormalizer" || !n.LowerCase || off(n.Accents) || off(n.Chinese) {
		return nil, unknownTokenizer(fmt.Sprintf("a normalizer of type %q that keeps case or accents, or Chinese words whole", n.Type))
	}
	tokens := make([]string, len(t.Model.Vocab))
	for token, id := range t.Model.Vocab {
		if id < 0 || id >= len(tokens) {
			return nil, fmt.Errorf("tokenizer.json: token %q has id %d, expected 0 to %d", token, id, len(tokens)-1)
		}
		tokens[id] = token
	}
	return tokens, nil
}
