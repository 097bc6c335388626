package main

import (
	"errors"
	"os"
	"strconv"

	"github.com/GoogleContainerTools/kaniko/pkg/config"
	"github.com/GoogleContainerTools/kaniko/pkg/dockerfile"
	"github.com/GoogleContainerTools/kaniko/pkg/executor"
	"github.com/GoogleContainerTools/kaniko/pkg/image"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

type question struct {
	Dockerfile string   `json:"dockerfile"`
	BuildArgs  []string `json:"buildArgs"`
	Target     string   `json:"target"`
}

type answer struct {
	// Base has the images of FROM that would be pulled, in their order.
	Base []string `json:"base"`
	// Copy has the images of COPY --from that would be pulled, in their order.
	Copy []string `json:"copy"`
	// Mount has what RUN --mount names, which Kaniko parses and does not use.
	Mount []string `json:"mount"`
	Error string   `json:"error,omitempty"`
}

func answerTo(asked question) answer {
	found := answer{Base: []string{}, Copy: []string{}, Mount: []string{}}
	if err := found.read(asked); err != nil {
		found.Error = err.Error()
	}
	return found
}

// read does what executor.DoBuild does to find images.
func (found *answer) read(asked question) error {
	file, err := os.CreateTemp("", "Dockerfile")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if _, err := file.WriteString(asked.Dockerfile); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	opts := &config.KanikoOptions{DockerfilePath: file.Name(), BuildArgs: asked.BuildArgs, Target: asked.Target}
	stages, metaArgs, err := dockerfile.ParseStages(opts)
	if err != nil {
		return err
	}
	kanikoStages, err := dockerfile.MakeKanikoStages(opts, stages, metaArgs)
	if err != nil {
		return err
	}
	indices := executor.ResolveCrossStageInstructions(kanikoStages)
	found.readCommands(kanikoStages)
	image.RetrieveRemoteImage = func(name string, _ config.RegistryOptions, _ string) (v1.Image, error) {
		found.Base = append(found.Base, name)
		return empty.Image, nil
	}
	if _, err = executor.CalculateDependencies(kanikoStages, opts, indices); err != nil {
		return err
	}
	// It does not look at the base of a stage that is named scratch; the build does, stage by stage.
	found.Base = []string{}
	for _, stage := range kanikoStages {
		if stage.BaseImageStoredLocally {
			// An empty name counts as that of an unnamed stage, which was not kept.
			if !kanikoStages[stage.BaseImageIndex].SaveStage {
				return errors.New("the base was not saved")
			}
			continue
		}
		if _, err := image.RetrieveSourceImage(stage, opts); err != nil {
			return err
		}
	}
	return nil
}

// readCommands follows executor.fetchExtraStages, which is not exported.
func (found *answer) readCommands(stages []config.KanikoStage) {
	for index, stage := range stages {
		for _, command := range stage.Commands {
			switch command := command.(type) {
			case *instructions.CopyCommand:
				if command.From == "" {
					continue
				}
				if from, err := strconv.Atoi(command.From); err == nil && from >= 0 && from < index {
					continue
				}
				found.Copy = append(found.Copy, command.From)
			case *instructions.RunCommand:
				for _, mount := range instructions.GetMounts(command) {
					if mount.From != "" {
						found.Mount = append(found.Mount, mount.From)
					}
				}
			}
		}
	}
}
