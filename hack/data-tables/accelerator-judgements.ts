/** An accelerator as nodes show it: the value of `nvidia.com/gpu.product` or `amd.com/gpu.product-name`. */
export type Accelerator =
  | { readonly product: string; readonly published: string }
  | { readonly product: string; readonly tdpWatts: number; readonly source: string };

/** Products whose power is taken from the published table, by its name there. */
const PUBLISHED: readonly Accelerator[] = [
  { product: 'NVIDIA-H100-80GB-HBM3', published: 'H100 SXM' },
  { product: 'NVIDIA-H100-NVL', published: 'H100 NVL' },
  { product: 'NVIDIA-A100-SXM4-80GB', published: 'A100 SXM4 80 GB' },
  { product: 'NVIDIA-A100-PCIE-40GB', published: 'A100 PCIe 40/80GB' },
  { product: 'NVIDIA-A10G', published: 'A10G' },
  { product: 'NVIDIA-L4', published: 'L4' },
  { product: 'NVIDIA-L40S', published: 'L40S' },
  { product: 'Tesla-T4', published: 'T4' },
  { product: 'Tesla-V100-SXM2-32GB', published: 'Tesla V100-SXM2-32GB' },
  { product: 'Tesla-P100-PCIE-16GB', published: 'Tesla P100' },
  { product: 'Tesla-P40', published: 'Tesla P40' },
  { product: 'Tesla-M40-24GB', published: 'Tesla M40 24GB' },
  { product: 'NVIDIA-RTX-A5000', published: 'RTX A5000' },
  { product: 'NVIDIA-RTX-A6000', published: 'RTX A6000' },
  { product: 'Quadro-RTX-8000', published: 'RTX 8000' },
  { product: 'NVIDIA-TITAN-RTX', published: 'Titan RTX' },
  { product: 'NVIDIA-TITAN-V', published: 'Titan V' },
  { product: 'NVIDIA-GeForce-GTX-1080-Ti', published: 'GTX 1080 Ti' },
  { product: 'NVIDIA-GeForce-RTX-2080-Ti', published: 'RTX 2080 Ti' },
  { product: 'NVIDIA-GeForce-RTX-3080', published: 'RTX 3080' },
  { product: 'NVIDIA-GeForce-RTX-3080-Ti', published: 'RTX 3080 TI' },
  { product: 'NVIDIA-GeForce-RTX-3090', published: 'RTX 3090' },
  { product: 'NVIDIA-GeForce-RTX-4090', published: 'RTX 4090' },
];

const SWAPPED = 'NVIDIA V100 data sheet; published with the figures of SXM2 and PCIe swapped';

/** Products that the published table lacks or has wrong, with the vendor's figure. */
const JUDGED: readonly Accelerator[] = [
  { product: 'Tesla-V100-SXM2-16GB', tdpWatts: 300, source: SWAPPED },
  { product: 'Tesla-V100-PCIE-16GB', tdpWatts: 250, source: SWAPPED },
  { product: 'Tesla-V100-PCIE-32GB', tdpWatts: 250, source: 'NVIDIA V100 data sheet' },
  { product: 'Tesla-P100-SXM2-16GB', tdpWatts: 300, source: 'NVIDIA P100 data sheet' },
  { product: 'Tesla-P4', tdpWatts: 75, source: 'NVIDIA P4 data sheet' },
  { product: 'Tesla-K80', tdpWatts: 150, source: 'NVIDIA K80 data sheet: 300 W a board, which shows as two devices' },
  { product: 'NVIDIA-A100-SXM4-40GB', tdpWatts: 400, source: 'NVIDIA A100 data sheet' },
  {
    product: 'NVIDIA-A100-80GB-PCIe',
    tdpWatts: 300,
    source: 'NVIDIA A100 data sheet; published as 250 W, which is the 40 GB card',
  },
  { product: 'NVIDIA-A800-SXM4-80GB', tdpWatts: 400, source: 'NVIDIA A800 data sheet' },
  { product: 'NVIDIA-A40', tdpWatts: 300, source: 'NVIDIA A40 data sheet' },
  { product: 'NVIDIA-A30', tdpWatts: 165, source: 'NVIDIA A30 data sheet' },
  {
    product: 'NVIDIA-A16',
    tdpWatts: 62.5,
    source: 'NVIDIA A16 data sheet: 250 W a board, which shows as four devices',
  },
  { product: 'NVIDIA-A10', tdpWatts: 150, source: 'NVIDIA A10 data sheet' },
  { product: 'NVIDIA-A2', tdpWatts: 60, source: 'NVIDIA A2 data sheet' },
  { product: 'NVIDIA-L40', tdpWatts: 300, source: 'NVIDIA L40 data sheet' },
  { product: 'NVIDIA-RTX-6000-Ada-Generation', tdpWatts: 300, source: 'NVIDIA RTX 6000 Ada data sheet' },
  { product: 'NVIDIA-RTX-PRO-6000-Blackwell-Server-Edition', tdpWatts: 600, source: 'NVIDIA RTX PRO 6000 data sheet' },
  { product: 'NVIDIA-H100-PCIe', tdpWatts: 350, source: 'NVIDIA H100 product brief' },
  { product: 'NVIDIA-H800', tdpWatts: 700, source: 'NVIDIA H800 data sheet' },
  { product: 'NVIDIA-H20', tdpWatts: 400, source: 'NVIDIA H20 data sheet' },
  { product: 'NVIDIA-H200', tdpWatts: 700, source: 'NVIDIA H200 data sheet' },
  { product: 'NVIDIA-H200-NVL', tdpWatts: 600, source: 'NVIDIA H200 data sheet' },
  { product: 'NVIDIA-GH200-480GB', tdpWatts: 700, source: 'the H100 of the module; its Grace CPU is the host' },
  { product: 'NVIDIA-B200', tdpWatts: 1000, source: 'NVIDIA HGX B200: up to 1 kW a GPU' },
  { product: 'NVIDIA-B300-SXM6-AC', tdpWatts: 1100, source: 'NVIDIA HGX B300: up to 1.1 kW a GPU' },
  { product: 'NVIDIA-GB200', tdpWatts: 1200, source: 'NVIDIA GB200: up to 1.2 kW a GPU' },
  { product: 'NVIDIA-GB300', tdpWatts: 1400, source: 'NVIDIA GB300: up to 1.4 kW a GPU' },
  { product: 'AMD_Instinct_MI100', tdpWatts: 300, source: 'AMD MI100 data sheet' },
  { product: 'AMD_Instinct_MI210', tdpWatts: 300, source: 'AMD MI210 data sheet' },
  {
    product: 'AMD_Instinct_MI250',
    tdpWatts: 280,
    source: 'AMD MI250 data sheet: 560 W a module, which shows as two devices',
  },
  {
    product: 'AMD_Instinct_MI250X',
    tdpWatts: 280,
    source: 'AMD MI250X data sheet: 560 W a module, which shows as two devices',
  },
  { product: 'AMD_Instinct_MI300A', tdpWatts: 550, source: 'AMD MI300A data sheet' },
  { product: 'AMD_Instinct_MI300X_OAM', tdpWatts: 750, source: 'AMD MI300X data sheet' },
  { product: 'AMD_Instinct_MI325_OAM', tdpWatts: 1000, source: 'AMD MI325X data sheet' },
  { product: 'AMD_Instinct_MI325X_OAM', tdpWatts: 1000, source: 'AMD MI325X data sheet' },
  { product: 'AMD_Instinct_MI350_OAM', tdpWatts: 1000, source: 'AMD MI350X data sheet' },
  { product: 'AMD_Instinct_MI350X_OAM', tdpWatts: 1000, source: 'AMD MI350X data sheet' },
  { product: 'AMD_Instinct_MI355_OAM', tdpWatts: 1400, source: 'AMD MI355X data sheet' },
  { product: 'AMD_Instinct_MI355X_OAM', tdpWatts: 1400, source: 'AMD MI355X data sheet' },
];

export const KNOWN_ACCELERATORS: readonly Accelerator[] = [...PUBLISHED, ...JUDGED];
