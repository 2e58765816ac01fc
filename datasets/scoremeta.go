package datasets

import (
	"maps"
	"strings"
)

// ScoreMeta describes a score file. It is stored in the file's key/value metadata. Unknown
// fields are "", as all are in files of other programs.
type ScoreMeta struct {
	Router        string // router as named on the command line
	RouterSHA256  string // hex digest of the router's model
	Data          string // name of the data set that was scored
	DataSHA256    string // hex digest of the data set's file
	PromptsSHA256 string // [PromptsDigest] of the data set
	Encoder       string // encoder that made the vectors that the router read
	EncoderSHA256 string // hex digest of the encoder's weights
}

func (m *ScoreMeta) texts() map[string]*string {
	return map[string]*string{
		"router": &m.Router, "router_sha256": &m.RouterSHA256, "data": &m.Data, "data_sha256": &m.DataSHA256,
		"prompts_sha256": &m.PromptsSHA256, "encoder": &m.Encoder, "encoder_sha256": &m.EncoderSHA256,
	}
}

// Pairs returns the key/value form that [WriteColumns] takes, without unknown fields.
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

// PromptsDigest returns the hex SHA-256 of the prompts' digests, written one per line in the
// order of the rows.
func PromptsDigest(prompts []string) string { return SHA256Hex(strings.Join(prompts, "\n") + "\n") }
