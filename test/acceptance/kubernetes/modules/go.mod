module slipway/acceptance/kubernetes

go 1.26.6

// Custom resource definitions of the first two, and KWOK's stages of nodes and pods, are read; nothing is built.
require (
	github.com/external-secrets/external-secrets v0.16.2
	sigs.k8s.io/gateway-api v1.6.3
	sigs.k8s.io/kwok v0.8.0
)
