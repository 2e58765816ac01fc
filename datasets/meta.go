package datasets

import (
	"fmt"
	"math"
	"strconv"

	"github.com/routellm/routellm/internal/hint"
)

// SchemaVersion is the version of the sample schema that this package writes, and the newest
// version that it reads.
const SchemaVersion = 1

// Meta describes a sample file. It is stored in the file's key/value metadata, under keys that
// begin with "routellm.".
type Meta struct {
	SchemaVersion int     // version of the schema; 0 if another program wrote the file
	Name          string  // short name, such as "mmlu"
	Title         string  // name to display, such as "MMLU"
	Unit          string  // unit of quality, such as "accuracy 0-1"
	Min, Max      float64 // bounds of quality, inclusive; NaN if unknown
	Strong, Weak  string  // default pair of models; "" if there is none
	Source        string  // origin of the outcomes
	Licence       string  // licence of the outcomes, by its SPDX identifier if it has one
	Measured      string  // day or month when the outcomes were measured; "" if unknown

	Encoder        string  // encoder that made the embeddings; "" if there are none
	EncoderSHA256  string  // hex digest of the encoder's weights
	EmbeddingScale float64 // factor from an int8 component to its value; NaN if there are no int8 embeddings
	CuesSHA256     string  // [features.SHA256] of the program that computed the cues; "" if there are none
}

// NewMeta returns metadata in which only the schema version is known.
func NewMeta() Meta {
	return Meta{SchemaVersion: SchemaVersion, Min: math.NaN(), Max: math.NaN(), EmbeddingScale: math.NaN()}
}

// Within reports whether quality v lies within the known bounds. NaN, which means not
// measured, does.
func (m Meta) Within(v float64) bool { return !(v < m.Min) && !(v > m.Max) }

const metaPrefix = "routellm."

// texts returns each text field by its key.
func (m *Meta) texts() map[string]*string {
	return map[string]*string{
		"name": &m.Name, "title": &m.Title, "unit": &m.Unit, "strong": &m.Strong,
		"weak": &m.Weak, "source": &m.Source, "licence": &m.Licence, "measured": &m.Measured,
		"encoder": &m.Encoder, "encoder_sha256": &m.EncoderSHA256,
		"cues_sha256": &m.CuesSHA256,
	}
}

// pairs returns the key/value form, without unknown fields.
func (m Meta) pairs() map[string]string {
	kv := map[string]string{metaPrefix + "schema_version": strconv.Itoa(SchemaVersion)}
	for key, text := range m.texts() {
		if *text != "" {
			kv[metaPrefix+key] = *text
		}
	}
	for key, v := range map[string]float64{"min": m.Min, "max": m.Max, "embedding_scale": m.EmbeddingScale} {
		if !math.IsNaN(v) && (key != "embedding_scale" || m.Encoder != "") {
			kv[metaPrefix+key] = strconv.FormatFloat(v, 'g', -1, 64)
		}
	}
	return kv
}

// parseMeta reads the key/value form. lookup returns the value of a key, and whether the file
// has it.
func parseMeta(file string, lookup func(string) (string, bool)) (Meta, error) {
	m := NewMeta()
	m.SchemaVersion = 0
	for key, text := range m.texts() {
		*text, _ = lookup(metaPrefix + key)
	}
	if s, ok := lookup(metaPrefix + "schema_version"); ok {
		v, err := strconv.Atoi(s)
		if err != nil || v < 1 {
			return m, fmt.Errorf("%q: metadata %q: found %q, expected a whole number of at least 1", file, metaPrefix+"schema_version", s)
		}
		if v > SchemaVersion {
			return m, hint.With(fmt.Errorf("%q: schema version %d, expected at most %d", file, v, SchemaVersion),
				"the file was written by a newer routellm: update this one")
		}
		m.SchemaVersion = v
	}
	return m, m.parseBounds(file, lookup)
}

func (m *Meta) parseBounds(file string, lookup func(string) (string, bool)) error {
	for _, b := range []struct {
		key string
		to  *float64
	}{{"min", &m.Min}, {"max", &m.Max}, {"embedding_scale", &m.EmbeddingScale}} {
		s, ok := lookup(metaPrefix + b.key)
		if !ok {
			continue
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%q: metadata %q: found %q, expected a finite number", file, metaPrefix+b.key, s)
		}
		*b.to = v
	}
	if m.Min > m.Max {
		return fmt.Errorf("%q: metadata: %q %v is above %q %v", file, metaPrefix+"min", m.Min, metaPrefix+"max", m.Max)
	}
	return nil
}
