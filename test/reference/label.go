package main

import "k8s.io/apimachinery/pkg/util/validation"

type label struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type labelAnswer struct {
	Key   []string `json:"key"`
	Value []string `json:"value"`
}

// judgeLabel lists what Kubernetes has against a label's key and value.
func judgeLabel(judged label) labelAnswer {
	return labelAnswer{
		Key:   append([]string{}, validation.IsQualifiedName(judged.Key)...),
		Value: append([]string{}, validation.IsValidLabelValue(judged.Value)...),
	}
}
