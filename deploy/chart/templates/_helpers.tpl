{{/* The name of everything that belongs to the server, in the namespace of the release. */}}
{{- define "kfops.name" -}}
kfops-server
{{- end }}

{{- define "kfops.labels" -}}
{ app.kubernetes.io/name: kfops-server, app.kubernetes.io/part-of: kfops }
{{- end }}

{{/* `true` while the settings have no GitHub credentials: one replica serves the page that creates the App. */}}
{{- define "kfops.inSetup" -}}
{{- $github := ((.Values.settings.server | default dict).github | default dict) -}}
{{- not (or $github.app $github.token_file) -}}
{{- end }}

{{/* The namespace in which builds run. */}}
{{- define "kfops.builds" -}}
{{ .Values.settings.namespace | default "kfops" }}
{{- end }}

{{/* All namespaces in which builds run, each once, as JSON: the one above, then those of the rules. */}}
{{- define "kfops.buildNamespaces" -}}
{{- $all := list (include "kfops.builds" .) -}}
{{- range (.Values.settings.server | default dict).rules -}}
{{- with .build_namespace -}}
{{- $all = append $all . -}}
{{- end -}}
{{- end -}}
{{- if has .Release.Namespace $all -}}
{{- fail (printf "builds can't run in the namespace of the release, %s: it holds the server's Secrets. Set another `namespace` or `build_namespace` in the settings" .Release.Namespace) -}}
{{- end -}}
{{- include "kfops.checkOwnNamespaces" (dict "root" . "builds" $all) -}}
{{ $all | uniq | toJson }}
{{- end }}

{{- define "kfops.image" -}}
{{- if .Values.image.reference -}}
{{ .Values.image.reference }}
{{- else -}}
{{- include "kfops.checkNeeded" . -}}
{{- $images := .Values.settings.images | default dict -}}
{{ $images.registry | trimSuffix "/" }}/kfops:{{ $images.version | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* Egress to Kubeflow's object stores: MinIO up to Kubeflow Pipelines 2.14, then SeaweedFS. */}}
{{- define "kfops.storeEgress" -}}
- to:
    - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ .Values.kubeflow.namespace }} } }
      podSelector: { matchLabels: { app: minio } }
  ports: [{ port: 9000 }]
- to:
    - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ .Values.kubeflow.namespace }} } }
      podSelector: { matchLabels: { app: seaweedfs } }
  ports: [{ port: 8333 }]
{{- end }}
