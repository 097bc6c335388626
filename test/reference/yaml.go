package main

import (
	"encoding/json"

	"sigs.k8s.io/yaml"
)

type yamlAnswer struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

// readYAML reads as kubectl and argo do.
func readYAML(text string) yamlAnswer {
	read, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return yamlAnswer{Error: err.Error()}
	}
	return yamlAnswer{JSON: read}
}
