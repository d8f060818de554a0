import type { DurationMs, EpochMs } from '../../operator/domain/units.ts';
import { energyUntil } from './gpus/behaviour.ts';
import { expositionOf } from './gpus/exposition.ts';
import { gpuId, linesOfGpu, type Gpu, type Naming } from './gpus/gpu.ts';
import { linesOfHost, type Host } from './gpus/host.ts';
import { StandIn, type StandInReply, type StandInRequest } from './stand-in.ts';

export interface GpuExporterOptions {
  readonly gpus: readonly Gpu[];
  /** What Kepler would tell, beside it on the same page. */
  readonly hosts?: readonly Host[];
  readonly naming?: Naming;
  readonly clock?: () => EpochMs;
}

/** What may change of a GPU while it runs. */
export type GpuChange = Partial<Pick<Gpu, 'behaviour' | 'pods' | 'lacks' | 'tells'>>;

/** A GPU, since when it does what it does, and what its energy counter had then. */
interface Running {
  readonly gpu: Gpu;
  readonly since: EpochMs;
  readonly energy: number;
}

/**
 * NVIDIA's DCGM exporter, and Kepler, as far as their `/metrics` are read here. One of it may tell of GPUs of many nodes. It goes
 * away with `stop()`, comes back with `start()`, and `failAlways` makes it slow, or an error.
 */
export class GpuExporter extends StandIn {
  readonly #clock: () => EpochMs;
  readonly #gpus: Map<string, Running>;
  #hosts: readonly Host[];
  #naming: Naming;

  constructor({ clock = Date.now, gpus, hosts = [], naming = {} }: GpuExporterOptions) {
    super((request) => this.#answer(request));
    this.#clock = clock;
    const since = clock();
    this.#gpus = new Map(gpus.map((gpu) => [gpuId(gpu), { gpu, since, energy: 0 }]));
    this.#hosts = hosts;
    this.#naming = naming;
  }

  /** From now on; a behaviour begins at its beginning, and the energy counter goes on. */
  set(id: string, change: GpuChange): void {
    const running = this.#gpus.get(id);
    if (running === undefined) throw new Error(`there is no GPU ${id}`);
    const gpu = { ...running.gpu, ...change };
    if (change.behaviour === undefined) {
      this.#gpus.set(id, { ...running, gpu });
      return;
    }
    const now = this.#clock();
    const energy = running.energy + energyUntil(running.gpu.behaviour, now - running.since);
    this.#gpus.set(id, { gpu, since: now, energy });
  }

  /** As after an update of the exporter that names its labels otherwise. */
  rename(naming: Naming): void {
    this.#naming = naming;
  }

  setHosts(hosts: readonly Host[]): void {
    this.#hosts = hosts;
  }

  #answer({ path }: StandInRequest): StandInReply {
    if (path !== '/metrics') return { status: 404, body: '404 page not found\n' };
    const now = this.#clock();
    const elapsed = (since: EpochMs): DurationMs => Math.max(0, now - since);
    const ofGpus = [...this.#gpus.values()].flatMap(({ energy, gpu, since }) =>
      linesOfGpu(gpu, elapsed(since), this.#naming, energy),
    );
    const body = expositionOf([...ofGpus, ...this.#hosts.flatMap(linesOfHost)]);
    return { body, headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' } };
  }
}

/** On a free port of 127.0.0.1. */
export async function startGpuExporter(options: GpuExporterOptions): Promise<GpuExporter> {
  return new GpuExporter(options).start();
}
