import { kilowattHours, watts, type KilowattHours, type Watts } from '../../domain/units.ts';

/**
 * Energy of moving one gigabyte (1e9 bytes) from one data centre to another, before PUE.
 *
 * From Cloud Carbon Footprint, Methodology, "Networking", https://www.cloudcarbonfootprint.org/docs/methodology: 0.001, "the
 * smallest coefficient available to date", for traffic between data centres over the operators' own fibre. It is multiplied
 * by the PUE and by the intensity at the job's end of the link, as there. Figures for the whole internet down to the
 * subscriber are larger, 0.06 in 2015 and halving every two years (Aslan et al., Electricity Intensity of Internet Data
 * Transmission, Journal of Industrial Ecology 22, 2018, doi:10.1111/jiec.12630); hardly any of that is on such a link.
 */
const KILOWATT_HOURS_PER_GIGABYTE = 0.001;

const BYTES_PER_GIGABYTE = 1e9;
const JOULES_PER_KILOWATT_HOUR = 3.6e6;

function energyOfTransfer(bytes: number): KilowattHours {
  return kilowattHours((bytes / BYTES_PER_GIGABYTE) * KILOWATT_HOURS_PER_GIGABYTE);
}

/** Of a transfer that goes on at this rate, before PUE. */
export function powerOfTransfer(bytesPerSecond: number): Watts {
  return watts(energyOfTransfer(bytesPerSecond) * JOULES_PER_KILOWATT_HOUR);
}
