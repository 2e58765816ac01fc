package datasets

import (
	"maps"
	"strings"
)

// ScoreMeta is what a score file says about itself in its key/value metadata, each "" where it does not: files of other
// programs say nothing.
type ScoreMeta struct {
	Router        string // as named on the command line
	RouterSHA256  string // digest of its model
	Data          string // name of the data set that was scored
	DataSHA256    string // digest of its file
	PromptsSHA256 string // [PromptsDigest] of all its rows
	Encoder       string // what made the vectors that the router read
	EncoderSHA256 string
}

func (m *ScoreMeta) texts() map[string]*string {
	return map[string]*string{
		"router": &m.Router, "router_sha256": &m.RouterSHA256, "data": &m.Data, "data_sha256": &m.DataSHA256,
		"prompts_sha256": &m.PromptsSHA256, "encoder": &m.Encoder, "encoder_sha256": &m.EncoderSHA256,
	}
}

// Pairs returns the key/value form, for [WriteColumns].
func (m ScoreMeta) Pairs() map[string]string {
	kv := map[string]string{metaPrefix + "schema_version": "1"}
	for key, text := range m.texts() {
		kv[metaPrefix+key] = *text
	}
	maps.DeleteFunc(kv, func(_, value string) bool { return value == "" })
	return kv
}

func parseScoreMeta(lookup func(string) (string, bool)) ScoreMeta {
	var m ScoreMeta
	for key, text := range m.texts() {
		*text, _ = lookup(metaPrefix + key)
	}
	return m
}

// PromptsDigest returns the SHA-256 of the prompts' digests, one a line, in the order of the rows.
func PromptsDigest(prompts []string) string { return SHA256Hex(strings.Join(prompts, "\n") + "\n") }
