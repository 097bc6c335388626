package main

import (
	// A digest counts only where its algorithm is linked in, as in Docker.
	_ "crypto/sha256"
	_ "crypto/sha512"

	"github.com/distribution/reference"
)

type imageAnswer struct {
	Domain string `json:"domain,omitempty"`
	Path   string `json:"path,omitempty"`
	Tag    string `json:"tag,omitempty"`
	Digest string `json:"digest,omitempty"`
	Error  string `json:"error,omitempty"`
}

// parseImage takes an image's name apart as Docker does.
func parseImage(name string) imageAnswer {
	named, err := reference.ParseNormalizedNamed(name)
	if err != nil {
		return imageAnswer{Error: err.Error()}
	}
	answer := imageAnswer{Domain: reference.Domain(named), Path: reference.Path(named)}
	if tagged, ok := named.(reference.Tagged); ok {
		answer.Tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		answer.Digest = digested.Digest().String()
	}
	return answer
}
