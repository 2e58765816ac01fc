//go:build cgo && onnx

package bert

import (
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/text"

	ort "github.com/yalue/onnxruntime_go"
)

// session is a network in ONNX Runtime. It lives as long as the process.
type session struct {
	*ort.DynamicAdvancedSession
	inputs int // 3 with token_type_ids, 2 without
	labels int
}

// openNetwork loads a network with the given number of labels.
func openNetwork(path, library string, labels int) (network, error) {
	if err := load(library); err != nil {
		return nil, err
	}
	ins, outs, err := ort.GetInputOutputInfo(path)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	inputs, err := inputNames(ins)
	if err == nil && (len(outs) != 1 || outs[0].DataType != ort.TensorElementDataTypeFloat) {
		err = errors.New("expected one output of type float32")
	}
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	options, err := sessionOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	s, err := ort.NewDynamicAdvancedSession(path, inputs, []string{outs[0].Name}, options)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	return &session{s, len(inputs), labels}, nil
}

// sessionOptions returns options for one thread per run: prompts run concurrently
// instead, and the order of sums does not depend on the number of cores.
func sessionOptions() (*ort.SessionOptions, error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	return o, errors.Join(o.SetIntraOpNumThreads(1), o.SetInterOpNumThreads(1))
}

// inputNames returns the names of the inputs, in the order in which logits passes them.
func inputNames(have []ort.InputOutputInfo) ([]string, error) {
	names := []string{"input_ids", "attention_mask", "token_type_ids"}[:max(2, min(3, len(have)))]
	for _, in := range have {
		if !slices.Contains(names, in.Name) || in.DataType != ort.TensorElementDataTypeInt64 {
			return nil, fmt.Errorf("input %q has type %v, expected int64 inputs %q", in.Name, in.DataType, names)
		}
	}
	if len(have) != len(names) {
		return nil, fmt.Errorf("the network has %s, expected %q", text.Plural(len(have), "input"), names)
	}
	return names, nil
}

// logits runs the network on one sequence.
func (s *session) logits(ids []int64) ([]float32, error) {
	mask := slices.Repeat([]int64{1}, len(ids))
	var inputs []ort.Value
	defer func() {
		for _, v := range inputs {
			v.Destroy()
		}
	}()
	for _, values := range [][]int64{ids, mask, make([]int64, len(ids))}[:s.inputs] {
		v, err := ort.NewTensor(ort.NewShape(1, int64(len(ids))), values)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, v)
	}
	outputs := []ort.Value{nil}
	if err := s.Run(inputs, outputs); err != nil {
		return nil, err
	}
	defer outputs[0].Destroy()
	out, ok := outputs[0].(*ort.Tensor[float32])
	if !ok || len(out.GetData()) != s.labels {
		return nil, fmt.Errorf("the output has shape %v, expected %v", outputs[0].GetShape(), ort.NewShape(1, int64(s.labels)))
	}
	return slices.Clone(out.GetData()), nil
}
