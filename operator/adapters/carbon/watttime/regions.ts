/**
 * Grid zones and the regions that WattTime models them by, as the Green Software Foundation's Cloud Region Metadata names
 * them (https://github.com/Green-Software-Foundation/real-time-cloud, 2026-03). What is configured comes first.
 *
 * A region here is the zone or holds it: WattTime has one for all of India, and one for all of Sweden. Zones that it cuts
 * into several are left out, since a place in them has only one, and which one is not to be guessed: `US-CAL-CISO`
 * (`CAISO_NORTH`, `CAISO_SANDIEGO`, …), `US-MIDA-PJM`, `US-MIDW-MISO`, `US-TEX-ERCO`, `CA-ON`, `MX`.
 * `GET /v3/region-from-loc` tells the one of a place.
 */
export const MARGINAL_REGIONS: Readonly<Record<string, string>> = {
  AE: 'ARE',
  AT: 'AT',
  'AU-NSW': 'NEM_NSW',
  'AU-VIC': 'NEM_VIC',
  BE: 'BE',
  BH: 'BHR',
  'BR-CS': 'BRA',
  'CA-QC': 'HQ',
  CH: 'CH',
  'CL-SEN': 'CHL',
  DE: 'DE',
  'DK-DK2': 'DK',
  ES: 'ES',
  FI: 'FI',
  FR: 'FR',
  GB: 'UK',
  GR: 'GR',
  HK: 'HKG',
  ID: 'IDN',
  IE: 'IE',
  IL: 'ISR',
  'IN-MH': 'IND',
  'IN-NO': 'IND',
  'IN-SO': 'IND',
  'IN-UP': 'IND',
  'IN-WE': 'IND',
  'IT-NO': 'IT',
  'JP-KN': 'JP_KN',
  'JP-TK': 'JP_TK',
  KR: 'KOR',
  NL: 'NL',
  NZ: 'NZL',
  PL: 'PL',
  SA: 'SAU',
  'SE-SE3': 'SE',
  SG: 'SGP',
  TW: 'TWN',
  'US-CAR-SC': 'SC',
  'US-NW-BPAT': 'BPA',
  'US-NW-NEVP': 'NEVP',
  'US-NW-PACE': 'PACE',
  'US-NW-WACM': 'WACM',
  'US-SE-SOCO': 'SOCO',
  'US-SW-AZPS': 'AZPS',
  ZA: 'ZAF',
};

/**
 * The same for average intensity. Its regions are others, whole balancing areas and countries; this one is in the tests of
 * WattTime's own client (https://github.com/WattTime/watttime-python-client), the rest has to be configured.
 */
export const AVERAGE_REGIONS: Readonly<Record<string, string>> = {
  'US-CAL-CISO': 'CAISO',
};
