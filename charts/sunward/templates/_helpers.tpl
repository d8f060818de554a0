{{/* Labels of everything in the release. */}}
{{- define "sunward.labels" -}}
{{ include "sunward.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Labels that never change: a selector can't. */}}
{{- define "sunward.selector" -}}
app.kubernetes.io/name: sunward
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Of the operator's own objects, beside the extender's and others to come. */}}
{{- define "sunward.operator.labels" -}}
{{ include "sunward.labels" . }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "sunward.operator.selector" -}}
{{ include "sunward.selector" . }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "sunward.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* Where a provider's Secret is mounted. */}}
{{- define "sunward.keys.path" -}}/etc/sunward/keys{{- end }}

{{/*
The operator's configuration: that of the values, with the paths of mounted keys and the port of the Service.
A key that the values name both ways is a contradiction.
*/}}
{{- define "sunward.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $providers := deepCopy (default dict $config.providers) -}}
{{- range $provider, $files := fromYaml (include "sunward.keys.files" .) -}}
{{- $own := deepCopy (default dict (get $providers $provider)) -}}
{{- range $field, $path := $files -}}
{{- if hasKey $own $field -}}
{{- fail (printf "config.providers.%s.%s and providerKeys.%s are both set: leave one of them out" $provider $field $provider) -}}
{{- end -}}
{{- $_ := set $own $field $path -}}
{{- end -}}
{{- $_ := set $providers $provider $own -}}
{{- end -}}
{{- if $providers -}}{{- $_ := set $config "providers" $providers -}}{{- end -}}
{{- $_ := set $config "server" (dict "port" 8080) -}}
{{- toYaml $config -}}
{{- end }}

{{/* By provider, the fields of its configuration that name a file, with the paths of the mounted keys. */}}
{{- define "sunward.keys.files" -}}
{{- $path := include "sunward.keys.path" . -}}
{{- with .Values.providerKeys.electricityMaps }}{{ if .secretName }}
electricityMaps: { keyFile: {{ $path }}/electricity-maps/key }
{{- end }}{{ end }}
{{- with .Values.providerKeys.wattTime }}{{ if .secretName }}
wattTime: { usernameFile: {{ $path }}/watt-time/username, passwordFile: {{ $path }}/watt-time/password }
{{- end }}{{ end }}
{{- with .Values.providerKeys.prometheus }}{{ if .secretName }}
prometheus: { tokenFile: {{ $path }}/prometheus/token }
{{- end }}{{ end }}
{{- end }}

{{/* The Secrets as sources of one projected volume. A missing one keeps no pod from starting: the operator says so, and plans without. */}}
{{- define "sunward.keys.sources" -}}
{{- with .Values.providerKeys.electricityMaps }}{{ if .secretName }}
- secret:
    name: {{ .secretName }}
    optional: true
    items:
      - { key: {{ .key }}, path: electricity-maps/key }
{{- end }}{{ end }}
{{- with .Values.providerKeys.wattTime }}{{ if .secretName }}
- secret:
    name: {{ .secretName }}
    optional: true
    items:
      - { key: {{ .usernameKey }}, path: watt-time/username }
      - { key: {{ .passwordKey }}, path: watt-time/password }
{{- end }}{{ end }}
{{- with .Values.providerKeys.prometheus }}{{ if .secretName }}
- secret:
    name: {{ .secretName }}
    optional: true
    items:
      - { key: {{ .tokenKey }}, path: prometheus/token }
{{- end }}{{ end }}
{{- end }}
