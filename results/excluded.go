package results

// Excluded counts rows that were left out.
type Excluded struct {
	Contaminated int `json:"contaminated"`
	Training     int `json:"training"`
	NearCopies   int `json:"near_copies,omitempty"` // near copies of training prompts
	Missing      int `json:"missing"`               // a model of the pair was not measured
	// Calibration counts samples that set the evaluated threshold.
	Calibration int `json:"calibration,omitempty"`
}

// NearCopies counts the samples that hold a training prompt of one router in another format,
// or are held in one. They are left out if they are counted in [Excluded], and else kept.
type NearCopies struct {
	Router          string   `json:"router"`
	TrainingPrompts int      `json:"training_prompts"` // number of training prompts that were looked for
	Unsearched      int      `json:"unsearched"`       // number of training prompts that could not be looked for
	UnseenSamples   int      `json:"unseen_samples"`   // number of samples without anything to search
	Samples         int      `json:"samples"`          // number of near copies
	SampleIDs       []string `json:"sample_ids"`       // the first three of them
}
