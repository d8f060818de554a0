{{/* Every policy of the release, as a list of names and specs. */}}
{{- define "sunward.policies" -}}
{{- $policies := .Values.policies -}}
{{- with .Values.defaultPolicy -}}
{{- if .create -}}{{- $policies = append $policies (dict "name" "default" "spec" .spec) -}}{{- end -}}
{{- end -}}
{{- toYaml $policies -}}
{{- end }}

{{/* Names of those of them that select every namespace, as a list. */}}
{{- define "sunward.policies.forAll" -}}
{{- $names := list -}}
{{- range fromYamlArray (include "sunward.policies" .) -}}
{{- if not .spec.namespaceSelector -}}{{- $names = append $names .name -}}{{- end -}}
{{- end -}}
{{- toYaml $names -}}
{{- end }}

{{/* Fails where two policies would govern the same namespaces: only one of them could. */}}
{{- define "sunward.policies.check" -}}
{{- $forAll := fromYamlArray (include "sunward.policies.forAll" .) -}}
{{- if gt (len $forAll) 1 -}}
{{- fail (printf "policies %s each select every namespace, and one namespace has one policy: give all but one a namespaceSelector, or set defaultPolicy.create=false" (join " and " $forAll)) -}}
{{- end -}}
{{- end }}

{{/*
Fails where a definition in the cluster is older than the chart needs: Helm creates what is in crds/ and never changes it.
A newer one will do. In a dry run without a cluster there is nothing to look at.
*/}}
{{- define "sunward.crds.check" -}}
{{- $annotation := "sunward.dev/revision" -}}
{{- range $path, $_ := .Files.Glob "crds/*.yaml" -}}
{{- $ours := $.Files.Get $path | fromYaml -}}
{{- $name := $ours.metadata.name -}}
{{- $theirs := lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" $name -}}
{{- if $theirs -}}
{{- $needs := get $ours.metadata.annotations $annotation | int -}}
{{- $has := get (default dict $theirs.metadata.annotations) $annotation | default "0" | int -}}
{{- if lt $has $needs -}}
{{- fail (printf "the cluster has revision %d of CustomResourceDefinition %s, and this version of Sunward needs %d. Helm never changes definitions, so do that first, with the same --version as here: helm show crds CHART | kubectl apply --server-side --force-conflicts -f -" $has $name $needs) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}
