import dotI, { ResourceEventType, type ResourceEvent, type ResourceMeta } from '@dot-i/k8s-operator';
const Operator = dotI.default; // Node gives an ES module all that a CommonJS one exports as its default.
import { report } from './report.ts';
import { settings } from './settings.ts';

// From here on the file is the same for both: a test compares them.
// The README's samples ("watches a custom resource", "register a custom resource definition", "watches namespaces"),
// with reports where it leaves room for one's own code.

interface MyCustomResource {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly status?: { readonly observedGeneration?: number };
}

interface ConfigMap {
  readonly metadata: { readonly name: string };
  readonly data?: { readonly fails?: string; readonly hangs?: string };
}

export class MyOperator extends Operator {
  protected override async init(): Promise<void> {
    const { group, versions, plural } = await this.registerCustomResourceDefinition(settings.crdFile);
    const version = versions[0]?.name ?? '';
    await this.watchResource(
      group,
      version,
      plural,
      async (e) => {
        try {
          if (e.type === ResourceEventType.Added || e.type === ResourceEventType.Modified) {
            const finalizer = 'mycustomresources.dot-i.com/cleanup';
            const done = await this.handleResourceFinalizer(e, finalizer, (event) => this.resourceDeleted(event));
            report({ what: 'finalizer', name: e.meta.name, done });
            if (!done) {
              await this.resourceModified(e);
            }
          }
        } catch (err) {
          report({ what: 'caught', name: e.meta.name, error: String(err) });
        }
      },
      settings.namespace,
    );
    await this.watchResource('', 'v1', 'configmaps', (e) => this.configMapChanged(e), settings.namespace);
    await this.watchResource('', 'v1', 'secrets', (e) => this.secretChanged(e), settings.namespace);
  }

  private async resourceModified(e: ResourceEvent): Promise<void> {
    const object = e.object as unknown as MyCustomResource;
    const metadata = object.metadata;

    if (!object.status || object.status.observedGeneration !== metadata.generation) {
      report({ what: 'told', action: 'modified', type: e.type, name: metadata.name });

      const meta: ResourceMeta | null = await this.setResourceStatus(e.meta, {
        observedGeneration: metadata.generation,
        old: 'yes',
      });
      if (meta) await this.patchResourceStatus(meta, { patched: true, old: null });
    }
  }

  private resourceDeleted(e: ResourceEvent): Promise<void> {
    report({ what: 'told', action: 'deleted', type: e.type, name: e.meta.name });
    return Promise.resolve();
  }

  private async configMapChanged(e: ResourceEvent): Promise<void> {
    const object = e.object as unknown as ConfigMap;
    const metadata = object.metadata;
    switch (e.type) {
      case ResourceEventType.Added:
      case ResourceEventType.Modified:
      case ResourceEventType.Deleted:
        report({ what: 'told', action: 'config map', type: e.type, name: metadata.name });
        break;
    }
    if (object.data?.fails !== undefined) throw new Error(`no room for ${metadata.name}`);
    if (object.data?.hangs !== undefined) await new Promise(() => undefined);
  }

  private secretChanged(e: ResourceEvent): Promise<void> {
    report({ what: 'told', action: 'secret', type: e.type, name: e.meta.name });
    return Promise.resolve();
  }
}
