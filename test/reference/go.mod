module kfops.test/reference

go 1.25.0

require (
	github.com/distribution/reference v0.6.0
	github.com/moby/patternmatcher v0.6.1
	github.com/robfig/cron v1.2.0
	k8s.io/apimachinery v0.34.4
	sigs.k8s.io/yaml v1.6.0
)

require (
	github.com/go-logr/logr v1.4.2 // indirect
	github.com/opencontainers/go-digest v1.0.0 // indirect
	go.yaml.in/yaml/v2 v2.4.2 // indirect
	k8s.io/klog/v2 v2.130.1 // indirect
	k8s.io/utils v0.0.0-20250604170112-4c0f3b243397 // indirect
)
