package answers

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets"
)

// Address is where a model was asked.
type Address struct{ API, URL, Model string }

// Addresses returns where the models of a file were asked, by label, as [Run.Write] wrote it. It is
// empty for a file that does not say, such as one that another program wrote.
func Addresses(path string) map[string]Address {
	meta, err := datasets.Metadata(path)
	if err != nil { // not a Parquet file
		return nil
	}
	var m made
	if json.Unmarshal([]byte(meta[metaAnswers]), &m) != nil {
		return nil
	}
	out := map[string]Address{}
	for label, identity := range m.Models {
		if a, ok := parseIdentity(identity); ok {
			out[label] = a
		}
	}
	return out
}

// parseIdentity reads what chat.Client.Identity returns.
func parseIdentity(text string) (a Address, ok bool) {
	lines := strings.Split(text, "\n")
	if len(lines) != 3 {
		return a, false
	}
	model, err := strconv.Unquote(lines[2])
	return Address{API: lines[0], URL: lines[1], Model: model}, err == nil
}
