package swranking

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// formatName identifies a model file of this package.
const formatName = "routellm-sw_ranking"

// battleFields is the number of integers per stored battle: the prompt's row and the two models. Older
// files have oldBattleFields, of which the last is twice the share that model a won.
const (
	battleFields    = 3
	oldBattleFields = 4
)

// Bytes returns the model as a safetensors file: the prompts' vectors and digests, the
// battles, and the card. Equal models give equal bytes.
func (m *Model) Bytes() ([]byte, error) {
	card := m.Card
	card.Training, card.HeldOutNorm, card.HeldOutScore = nil, nil, nil // derived from the rows
	f, err := modelfile.New(&card, formatName)
	if err != nil {
		return nil, err
	}
	if err := m.memory.Store(f); err != nil {
		return nil, err
	}
	scores := make([]float64, len(m.memory.Norm))
	for i, norm := range m.memory.Norm {
		scores[i], _ = m.HeldOut(norm)
	}
	f.Tensors["held_out"] = safetensors.NewFloats(scores, len(scores))
	names, find := training.Models(m.battles)
	var data []byte
	var won []float64
	for _, b := range m.battles {
		won = append(won, b.Won)
		for _, v := range [battleFields]int{b.Prompt, find(b.A), find(b.B)} {
			data = binary.LittleEndian.AppendUint32(data, uint32(v))
		}
	}
	storeWon(f, won)
	if weights := weightsOf(m.battles); weights != nil {
		f.Tensors["weights"] = safetensors.NewFloats(weights, len(weights))
	}
	f.Tensors["battles"] = safetensors.Tensor{Type: "U32", Shape: []int{len(m.battles), battleFields}, Data: data}
	text, err := json.Marshal(names)
	if err != nil {
		return nil, err
	}
	f.Metadata["models"] = string(text)
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// storeWon stores the share that model a won of each battle. There are few shares, and 42,000 battles
// of the built-in model: it stores the shares once, and one byte per battle.
func storeWon(f *safetensors.File, won []float64) {
	shares := slices.Compact(slices.Sorted(slices.Values(won)))
	if len(shares) > math.MaxUint8+1 {
		f.Tensors["won"] = safetensors.NewFloats(won, len(won))
		return
	}
	data := make([]byte, len(won))
	for i, v := range won {
		at, _ := slices.BinarySearch(shares, v)
		data[i] = byte(at)
	}
	f.Tensors["shares"] = safetensors.NewFloats(shares, len(shares))
	f.Tensors["won"] = safetensors.Tensor{Type: "U8", Shape: []int{len(won)}, Data: data}
}

// weightsOf returns the battles' weights, or nil if all are 1.
func weightsOf(battles []training.Battle) []float64 {
	if !slices.ContainsFunc(battles, func(b training.Battle) bool { return b.Weight != 1 }) {
		return nil
	}
	weights := make([]float64, len(battles))
	for i, b := range battles {
		weights[i] = b.Weight
	}
	return weights
}

// WriteFile writes the model to path. The file appears only once it is complete.
func (m *Model) WriteFile(path string) error { return modelfile.WriteFile(path, m.Bytes) }

// Open reads a model file that train sw_ranking wrote. It reads the vectors directly into
// the form in which they are multiplied.
func Open(path string) (*Model, error) {
	return modelfile.Open(path, func(f *safetensors.File, digest string) (*Model, error) {
		c, err := read(f, digest)
		if err != nil {
			return nil, err
		}
		return newModel(c, false)
	})
}

// read decodes a model; digest is the SHA-256 of the whole file.
func read(f *safetensors.File, digest string) (c contents, err error) {
	if c.Card, err = modelfile.ReadCard(f, formatName, digest); err != nil {
		return c, err
	}
	if c.memory, err = modelfile.Recall(f, c.Card); err != nil {
		return c, err
	}
	if c.battles, err = readBattles(f, len(c.memory.Norm)); err != nil {
		return c, err
	}
	scores, err := f.Floats("held_out", len(c.memory.Norm))
	if err != nil {
		return c, err
	}
	c.Training = c.memory.Digests()
	c.KeepHeldOut(c.memory.Norm, scores)
	return c, nil
}

func readBattles(f *safetensors.File, prompts int) ([]training.Battle, error) {
	var names []string
	if err := json.Unmarshal([]byte(f.Metadata["models"]), &names); err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	t := f.Tensors["battles"]
	data, err := t.Bytes()
	if err != nil {
		return nil, err
	}
	if t.Type != "U32" || len(t.Shape) != 2 || t.Shape[1] != battleFields && t.Shape[1] != oldBattleFields {
		return nil, fmt.Errorf("tensor %q has type %q and shape %v, expected U32 and rows of %d", "battles", t.Type, t.Shape, battleFields)
	}
	weights, err := readWeights(f, t.Shape[0])
	if err != nil {
		return nil, err
	}
	won, err := readWon(f, data, t.Shape)
	if err != nil {
		return nil, err
	}
	battles := make([]training.Battle, t.Shape[0])
	for i := range battles {
		v := fieldsOf(data, i, t.Shape[1])
		if v[0] >= prompts || v[1] >= len(names) || v[2] >= len(names) {
			return nil, fmt.Errorf("battle %d is %v, expected a prompt below %d and two models below %d", i+1, v, prompts, len(names))
		}
		battles[i] = training.Battle{Prompt: v[0], A: names[v[1]], B: names[v[2]], Won: won[i], Weight: weights[i]}
	}
	return battles, nil
}

// fieldsOf returns the integers of battle i.
func fieldsOf(data []byte, i, fields int) []int {
	out := make([]int, fields)
	for k := range out {
		out[k] = int(binary.LittleEndian.Uint32(data[4*(fields*i+k):]))
	}
	return out
}

// readWon reads the share that model a won of each battle.
func readWon(f *safetensors.File, data []byte, shape []int) (won []float64, err error) {
	switch stored := f.Tensors["won"]; {
	case shape[1] == oldBattleFields:
		for i := range shape[0] {
			won = append(won, float64(fieldsOf(data, i, oldBattleFields)[oldBattleFields-1])/2)
		}
	case stored.Type == "U8":
		won, err = readShares(f, shape[0])
	default:
		won, err = f.Floats("won", shape[0])
	}
	if err != nil {
		return nil, err
	}
	for i, v := range won {
		if !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("model a won %v of battle %d, expected a share from 0 to 1", v, i+1)
		}
	}
	return won, nil
}

// readShares reads the shares won of n battles, of which each is stored once.
func readShares(f *safetensors.File, n int) ([]float64, error) {
	data, err := f.Tensors["won"].Bytes()
	if err != nil {
		return nil, err
	}
	if len(data) != n {
		return nil, fmt.Errorf("tensor %q has %d elements, expected %d", "won", len(data), n)
	}
	shares, err := f.Floats("shares", f.Tensors["shares"].Shape...)
	if err != nil {
		return nil, err
	}
	won := make([]float64, n)
	for i, at := range data {
		if int(at) >= len(shares) {
			return nil, fmt.Errorf("battle %d has share %d, of %d", i+1, at, len(shares))
		}
		won[i] = shares[at]
	}
	return won, nil
}

// readWeights reads the weights of n battles.
func readWeights(f *safetensors.File, n int) ([]float64, error) {
	if _, ok := f.Tensors["weights"]; !ok {
		return slices.Repeat([]float64{1}, n), nil
	}
	weights, err := f.Floats("weights", n)
	for i, w := range weights {
		if !(w > 0) || math.IsInf(w, 1) {
			return nil, fmt.Errorf("battle %d has weight %v, expected a finite number above 0", i+1, w)
		}
	}
	return weights, err
}
