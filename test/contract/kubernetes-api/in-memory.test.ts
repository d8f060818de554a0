import { InMemoryKubernetesApi } from '../../fixtures/in-memory-kubernetes-api/in-memory-kubernetes-api.ts';
import { kubernetesApiContract } from './contract.ts';

// What stands in for the API server in tests is held to what the API server does.
kubernetesApiContract(
  'the API server in memory',
  () => {
    let namespaces = 0;
    return Promise.resolve({
      api: new InMemoryKubernetesApi(),
      newNamespace: () => {
        namespaces += 1;
        return Promise.resolve(`contract-${namespaces}`);
      },
      close: () => Promise.resolve(),
    });
  },
  5_000,
);
