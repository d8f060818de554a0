import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS, SECOND_MS } from '../../operator/domain/units.ts';
import { startGpuExporter } from './gpu-exporter.ts';
import { BUSY, energyUntil, IDLE, phaseAt, TRAINING } from './gpus/behaviour.ts';

const elapsed = () => fc.integer({ min: 0, max: 100_000_000 });

test('energy is the power of all time before', () => {
  fc.assert(
    fc.property(elapsed(), (at) => {
      const gained = energyUntil(TRAINING, at + 1) - energyUntil(TRAINING, at);
      expect(gained).toBeCloseTo(phaseAt(TRAINING, at).watts, 3);
    }),
  );
  expect(energyUntil(BUSY, 10 * SECOND_MS)).toBe(650 * 10_000);
});

describe('the page of metrics', () => {
  const pageOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

  test('is as the DCGM exporter writes it', async () => {
    const exporter = await startGpuExporter({
      clock: () => 0,
      gpus: [
        { uuid: 'GPU-1', node: 'node-1', behaviour: BUSY, pods: [{ namespace: 'research', name: 'train-0' }] },
        {
          uuid: 'GPU-2',
          node: 'node-1',
          index: 1,
          behaviour: IDLE,
          instance: { id: '7', profile: '1g.10gb' },
          tells: 'Blank',
        },
      ],
    });
    const page = await pageOf(exporter.url);
    await exporter.stop();
    expect(page).toContain(
      `# HELP DCGM_FI_DEV_POWER_USAGE Power draw (in W).
# TYPE DCGM_FI_DEV_POWER_USAGE gauge
DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-1",pci_bus_id="00000000:18:00.0",device="nvidia0",modelName="NVIDIA H100 80GB HBM3",Hostname="node-1",DCGM_FI_DRIVER_VERSION="570.124.06",container="main",namespace="research",pod="train-0"} 650.000000
DCGM_FI_DEV_POWER_USAGE{gpu="1",UUID="GPU-2",pci_bus_id="00000000:18:00.0",device="nvidia1",modelName="NVIDIA H100 80GB HBM3",GPU_I_PROFILE="1g.10gb",GPU_I_ID="7",Hostname="node-1",DCGM_FI_DRIVER_VERSION="570.124.06"} 140737488355328.000000
`,
    );
    expect(page.match(/^DCGM_FI_DEV_GPU_UTIL/gm)).toHaveLength(1);
  });

  test('follows what is set: behaviour and pods from now on, and the energy counter goes on', async () => {
    let now = 0;
    const exporter = await startGpuExporter({
      clock: () => now,
      gpus: [{ uuid: 'GPU-1', node: 'node-1', behaviour: BUSY }],
    });
    now = MINUTE_MS;
    exporter.set('GPU-1', { behaviour: IDLE, pods: [{ namespace: 'a', name: 'b' }] });
    now += SECOND_MS;
    exporter.rename({ uuid: 'GPU_UUID' });
    const page = await pageOf(exporter.url);
    await exporter.stop();
    const energy = 650 * MINUTE_MS + 70 * SECOND_MS;
    expect(page).toMatch(new RegExp(`TOTAL_ENERGY_CONSUMPTION\\{.*GPU_UUID="GPU-1".*pod="b"\\} ${energy}\n`));
    expect(page).toMatch(/GR_ENGINE_ACTIVE\{.*\} 0\.000000\n/);
    expect(() => exporter.set('GPU-3', {})).toThrow('no GPU GPU-3');
  });

  test('has Kepler’s of hosts beside it', async () => {
    const host = {
      node: 'node-1',
      zones: { package: 200 },
      gpus: { 'GPU-1': 90 },
      pods: [{ namespace: 'a', name: 'b', zones: { package: 12.5 } }],
    };
    const exporter = await startGpuExporter({ gpus: [], hosts: [host] });
    const page = await pageOf(exporter.url);
    expect((await fetch(`${exporter.url}/other`)).status).toBe(404);
    exporter.setHosts([]);
    expect((await pageOf(exporter.url)).trim()).toBe('');
    await exporter.stop();
    expect(page).toContain(
      'kepler_node_cpu_watts{zone="package",path="/host/sys/class/powercap/intel-rapl/package",node_name="node-1"} 200',
    );
    expect(page).toContain(
      'kepler_node_gpu_watts{gpu="0",gpu_uuid="GPU-1",gpu_name="GPU",vendor="nvidia",node_name="node-1"} 90',
    );
    expect(page).toContain('pod_name="b",pod_namespace="a",state="running",zone="package",node_name="node-1"} 12.5');
  });
});
