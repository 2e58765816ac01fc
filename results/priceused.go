package results

// PriceUsed says which price a model's costs were computed from.
type PriceUsed struct {
	Model  string `json:"model"`
	Key    string `json:"key"`    // name under which the price list has the model
	Source string `json:"source"` // "measured", "given", "free", or the path of the price list
	SHA256 string `json:"sha256,omitempty"`
	AsOf   string `json:"as_of,omitempty"`
	ByRule bool   `json:"by_rule,omitempty"` // whether a rule of the list found the price, and not an equal name
	// Tokens says where the token counts come from: "counted", "estimated" from characters, or
	// "given"; "" where no price is used.
	Tokens string `json:"tokens,omitempty"`
	// USD per million tokens; null where the list has no such price.
	Input       Value `json:"input"`
	Output      Value `json:"output"`
	CachedInput Value `json:"cached_input"`
	Reasoning   Value `json:"reasoning"`
}
